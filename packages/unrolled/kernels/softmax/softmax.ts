/** Softmax along the rows of x: [rows, columns], and the cross-entropy that follows it. */
import { Address, at } from "../math/address";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";
import { log4 } from "../math/log";

/** y[r, :] = exp(x[r, :]) / Σ exp(x[r, :]) */
export function softmax(rows: i32, columns: i32, x: Address, y: Address): void {
  for (let row = 0; row < rows; row++) {
    const from = at(x + row * columns);
    const to = at(y + row * columns);
    const sum = exponentials(columns, from, maximumOf(columns, from), to);
    multiplyRow(columns, <f32>1 / sum, to);
  }
}

/** y[r, :] = x[r, :] − log Σ exp(x[r, :]); y is written twice, so it must not be x. */
export function logSoftmax(rows: i32, columns: i32, x: Address, y: Address): void {
  for (let row = 0; row < rows; row++) {
    const from = at(x + row * columns);
    const to = at(y + row * columns);
    const highest = maximumOf(columns, from);
    const logSum = highest + logOf(exponentials(columns, from, highest, to));
    for (let column: usize = 0; column < <usize>columns << 2; column += 4) {
      store<f32>(to + column, load<f32>(from + column) - logSum);
    }
  }
}

/**
 * logits: [rows, columns] in, their gradient (softmax − one-hot) · scale out; losses[r] = −log softmax(logits[r])[targets[r]].
 * Stable: the maximum of a row is subtracted first.
 */
export function softmaxCrossEntropy(
  rows: i32, columns: i32, scale: f32, logits: Address, targets: Address, losses: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const at0 = at(logits + row * columns);
    const target = at0 + (<usize>load<i32>(at(targets + row)) << 2);
    const highest = maximumOf(columns, at0);
    const targetLogit = load<f32>(target);
    const sum = exponentials(columns, at0, highest, at0);
    store<f32>(at(losses + row), logOf(sum) + (highest - targetLogit));
    multiplyRow(columns, scale / sum, at0);
    store<f32>(target, load<f32>(target) - scale);
  }
}

function maximumOf(columns: i32, x: usize): f32 {
  let best = f32x4.splat(-Infinity);
  const end = x + (<usize>(columns & ~3) << 2);
  for (; x < end; x += 16) best = f32x4.max(best, v128.load(x));
  let highest = max(
    max(f32x4.extract_lane(best, 0), f32x4.extract_lane(best, 1)),
    max(f32x4.extract_lane(best, 2), f32x4.extract_lane(best, 3)),
  );
  for (let i = 0; i < (columns & 3); i++) highest = max(highest, load<f32>(x + (<usize>i << 2)));
  return highest;
}

/** y = exp(x − highest); returns its sum, four partial sums in a fixed order. */
function exponentials(columns: i32, x: usize, highest: f32, y: usize): f32 {
  const shift = f32x4.splat(highest);
  let sums = f32x4.splat(0);
  const end = x + (<usize>(columns & ~3) << 2);
  for (; x < end; x += 16, y += 16) {
    const e = exp4(f32x4.sub(v128.load(x), shift));
    v128.store(y, e);
    sums = f32x4.add(sums, e);
  }
  let sum =
    f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  const rest = columns & 3;
  if (rest) {
    const e = exp4(f32x4.sub(loadLanes(x, rest), shift));
    storeLanes(y, e, rest);
    for (let i = 0; i < rest; i++) sum += load<f32>(y + (<usize>i << 2));
  }
  return sum;
}

// @ts-ignore: decorator
@inline function logOf(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

function multiplyRow(columns: i32, factor: f32, y: usize): void {
  const factors = f32x4.splat(factor);
  const end = y + (<usize>(columns & ~3) << 2);
  for (; y < end; y += 16) v128.store(y, f32x4.mul(v128.load(y), factors));
  const rest = columns & 3;
  if (rest) storeLanes(y, f32x4.mul(loadLanes(y, rest), factors), rest);
}

/** dx[r, :] += y⊙(dy − Σ dy⊙y), y the softmax */
export function softmaxBackward(rows: i32, columns: i32, y: Address, dy: Address, dx: Address): void {
  for (let row = 0; row < rows; row++) {
    const first = <u32>(row * columns);
    let dot: f64 = 0;
    for (let i: u32 = 0; i < <u32>columns; i++) dot += <f64>load<f32>(at(y + first + i)) * <f64>load<f32>(at(dy + first + i));
    for (let i: u32 = 0; i < <u32>columns; i++) {
      const target = at(dx + first + i);
      store<f32>(target, load<f32>(target) + load<f32>(at(y + first + i)) * (load<f32>(at(dy + first + i)) - <f32>dot));
    }
  }
}

/** dx[r, :] += dy − exp(y) Σ dy, y the logarithm of the softmax */
export function logSoftmaxBackward(rows: i32, columns: i32, y: Address, dy: Address, dx: Address): void {
  for (let row = 0; row < rows; row++) {
    const first = <u32>(row * columns);
    let sum: f64 = 0;
    for (let i: u32 = 0; i < <u32>columns; i++) sum += <f64>load<f32>(at(dy + first + i));
    for (let i: u32 = 0; i < <u32>columns; i++) {
      const target = at(dx + first + i);
      const probability = f32x4.extract_lane(exp4(v128.load32_splat(at(y + first + i))), 0);
      store<f32>(target, load<f32>(target) + load<f32>(at(dy + first + i)) - probability * <f32>sum);
    }
  }
}
