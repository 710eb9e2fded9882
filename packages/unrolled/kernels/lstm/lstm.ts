/**
 * The LSTM's pointwise passes. Gates of a row lie side by side: i, f, g, o, each `units` long.
 *
 *   gates: [rows, 4, units]    c, tanhC, h, dh, dc: [rows, units]
 */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoid4 } from "../math/sigmoid";
import { tanh4 } from "../math/tanh";

/** gates: pre-activations in, activations out. c = f⊙c' + i⊙g, h = o⊙tanh(c). */
export function lstmForward(
  rows: i32, units: i32, gates: Address, cPrevious: Address, c: Address, tanhC: Address, h: Address,
): void {
  const gateBytes = <usize>units << 2;
  const whole = units & ~3;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * gateBytes;
    let pre = at(gates) + 4 * first;
    let offset = first;
    for (let unit = 0; unit < whole; unit += 4) {
      forwardLanes(4, pre, gateBytes, at(cPrevious) + offset, at(c) + offset, at(tanhC) + offset, at(h) + offset);
      pre += 16;
      offset += 16;
    }
    if (whole < units) {
      forwardLanes(units - whole, pre, gateBytes, at(cPrevious) + offset, at(c) + offset, at(tanhC) + offset, at(h) + offset);
    }
  }
}

// @ts-ignore: decorator
@inline function forwardLanes(
  lanes: i32, gates: usize, gateBytes: usize, cPrevious: usize, c: usize, tanhC: usize, h: usize,
): void {
  const i = sigmoid4(loadLanes(gates, lanes));
  const f = sigmoid4(loadLanes(gates + gateBytes, lanes));
  const g = tanh4(loadLanes(gates + 2 * gateBytes, lanes));
  const o = sigmoid4(loadLanes(gates + 3 * gateBytes, lanes));
  const cell = madd(f, loadLanes(cPrevious, lanes), f32x4.mul(i, g));
  const squashed = tanh4(cell);
  storeLanes(gates, i, lanes);
  storeLanes(gates + gateBytes, f, lanes);
  storeLanes(gates + 2 * gateBytes, g, lanes);
  storeLanes(gates + 3 * gateBytes, o, lanes);
  storeLanes(c, cell, lanes);
  storeLanes(tanhC, squashed, lanes);
  storeLanes(h, f32x4.mul(o, squashed), lanes);
}

/**
 * gates: activations in, derivatives by the pre-activations out. dc: derivative by c in, by c' out. dh: derivative by h in, 0 out,
 * since h' reaches h through the gates alone.
 */
export function lstmBackward(
  rows: i32, units: i32, gates: Address, cPrevious: Address, tanhC: Address, dh: Address, dc: Address,
): void {
  const gateBytes = <usize>units << 2;
  const whole = units & ~3;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * gateBytes;
    let gate = at(gates) + 4 * first;
    let offset = first;
    for (let unit = 0; unit < whole; unit += 4) {
      backwardLanes(4, gate, gateBytes, at(cPrevious) + offset, at(tanhC) + offset, at(dh) + offset, at(dc) + offset);
      gate += 16;
      offset += 16;
    }
    if (whole < units) {
      backwardLanes(units - whole, gate, gateBytes, at(cPrevious) + offset, at(tanhC) + offset, at(dh) + offset, at(dc) + offset);
    }
  }
}

// @ts-ignore: decorator
@inline function backwardLanes(
  lanes: i32, gates: usize, gateBytes: usize, cPrevious: usize, tanhC: usize, dh: usize, dc: usize,
): void {
  const one = f32x4.splat(1);
  const i = loadLanes(gates, lanes);
  const f = loadLanes(gates + gateBytes, lanes);
  const g = loadLanes(gates + 2 * gateBytes, lanes);
  const o = loadLanes(gates + 3 * gateBytes, lanes);
  const t = loadLanes(tanhC, lanes);
  const dH = loadLanes(dh, lanes);
  const dC = madd(f32x4.mul(dH, o), f32x4.sub(one, f32x4.mul(t, t)), loadLanes(dc, lanes));
  storeLanes(gates, f32x4.mul(f32x4.mul(dC, g), f32x4.mul(i, f32x4.sub(one, i))), lanes);
  storeLanes(gates + gateBytes, f32x4.mul(f32x4.mul(dC, loadLanes(cPrevious, lanes)), f32x4.mul(f, f32x4.sub(one, f))), lanes);
  storeLanes(gates + 2 * gateBytes, f32x4.mul(f32x4.mul(dC, i), f32x4.sub(one, f32x4.mul(g, g))), lanes);
  storeLanes(gates + 3 * gateBytes, f32x4.mul(f32x4.mul(dH, t), f32x4.mul(o, f32x4.sub(one, o))), lanes);
  storeLanes(dc, f32x4.mul(dC, f), lanes);
  storeLanes(dh, f32x4.splat(0), lanes);
}
