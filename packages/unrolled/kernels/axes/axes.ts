/** One axis of a tensor seen as [outer, axis, inner]: repeated, summed, its maximum taken, swapped with its neighbour. */
import { fill } from "../fill/fill";
import { Address, at } from "../math/address";
import { sum } from "../sum/sum";

/** y[o, r, :] = x[o, :] */
export function repeatAxis(outer: i32, repeats: i32, inner: i32, x: Address, y: Address): void {
  const bytes = <usize>inner << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      fill(repeats, load<f32>(at(x + o)), y + o * repeats);
      continue;
    }
    for (let r = 0; r < repeats; r++) memory.copy(at(y + (o * repeats + r) * inner), at(x + o * inner), bytes);
  }
}

/** y[o, i] = Σ_a x[o, a, i] */
export function sumAxis(outer: i32, axis: i32, inner: i32, x: Address, y: Address): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(at(y + o), <f32>sum(axis, x + o * axis));
      continue;
    }
    for (let i = 0; i < inner; i++) {
      let total: f64 = 0;
      for (let a = 0; a < axis; a++) total += <f64>load<f32>(at(x + (o * axis + a) * inner + i));
      store<f32>(at(y + o * inner + i), <f32>total);
    }
  }
}

/** y[o, i] = max_a x[o, a, i]; positions: the first a that has it, as an index. NaN wins. */
export function maxAxis(outer: i32, axis: i32, inner: i32, x: Address, y: Address, positions: Address): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let best = load<f32>(at(x + o * axis * inner + i));
      let position = 0;
      for (let a = 1; a < axis; a++) {
        const value = load<f32>(at(x + (o * axis + a) * inner + i));
        if (value > best || (value != value && best == best)) {
          best = value;
          position = a;
        }
      }
      store<f32>(at(y + o * inner + i), best);
      store<i32>(at(positions + o * inner + i), position);
    }
  }
}

/** dx[o, positions[o, i], i] += dy[o, i] */
export function maxAxisBackward(outer: i32, axis: i32, inner: i32, dy: Address, positions: Address, dx: Address): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const target = at(dx + (o * axis + load<i32>(at(positions + o * inner + i))) * inner + i);
      store<f32>(target, load<f32>(target) + load<f32>(at(dy + o * inner + i)));
    }
  }
}

/** x: [a, b, inner] → y: [b, a, inner], with `stride` elements from one b of y to the next: a·inner, or more where x is a part of its rows. */
export function swapAxes(a: i32, b: i32, inner: i32, x: Address, y: Address, stride: i32): void {
  const bytes = <usize>inner << 2;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const from = at(x + (i * b + j) * inner);
      const to = at(y + j * stride + i * inner);
      if (inner == 1) store<f32>(to, load<f32>(from));
      else memory.copy(to, from, bytes);
    }
  }
}
