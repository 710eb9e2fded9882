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
 * logits: [rows, columns] in, their gradient out; losses: [rows]. With classWeights c [columns] and weights w [rows], each 1 where its
 * address is 0, and the targets' probabilities q_k = c_k·((1−ε)·[k = target] + ε/columns), ε = labelSmoothing (Szegedy et al. 2016):
 *
 *   losses[r] = w[r] · −Σ q_k log softmax(logits[r])_k      gradient = w[r]·scale·(softmax·Σq − q)
 *
 * A row of weight 0 gets 0, whatever its logits and its target are. Stable: the maximum of a row is subtracted first.
 */
export function softmaxCrossEntropy(
  rows: i32, columns: i32, scale: f32, labelSmoothing: f32,
  logits: Address, targets: Address, classWeights: Address, weights: Address, losses: Address,
): void {
  const spread = labelSmoothing / <f32>columns;
  const spreadTotal: f32 = labelSmoothing == 0 ? 0 : spread * (classWeights ? totalOf(columns, at(classWeights)) : <f32>columns);
  for (let row = 0; row < rows; row++) {
    const at0 = at(logits + row * columns);
    const weight: f32 = weights ? load<f32>(at(weights + row)) : 1;
    if (weight == 0) {
      memory.fill(at0, 0, <usize>columns << 2);
      store<f32>(at(losses + row), 0);
      continue;
    }
    const class_ = load<i32>(at(targets + row));
    const target = at0 + (<usize>class_ << 2);
    const highest = maximumOf(columns, at0);
    const targetLogit = load<f32>(target);
    const hit: f32 = (1 - labelSmoothing) * (classWeights ? load<f32>(at(classWeights + class_)) : 1);
    const smoothed: f32 = labelSmoothing == 0 ? 0 : spread * distances(columns, at0, highest, classWeights);
    const sum = exponentials(columns, at0, highest, at0);
    const total = hit + spreadTotal;
    store<f32>(at(losses + row), weight * (total * logOf(sum) + hit * (highest - targetLogit) + smoothed));
    multiplyRow(columns, (weight * scale * total) / sum, at0);
    store<f32>(target, load<f32>(target) - weight * scale * hit);
    if (labelSmoothing != 0) subtractSpread(columns, weight * scale * spread, classWeights, at0);
  }
}

/** Σ over rows of weights[r]·classWeights[targets[r]], each 1 where its address is 0: what a mean cross-entropy divides by. */
export function crossEntropyWeight(rows: i32, targets: Address, classWeights: Address, weights: Address): f64 {
  let total: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const weight: f32 = weights ? load<f32>(at(weights + row)) : 1;
    if (weight == 0) continue;
    const class_ = load<i32>(at(targets + row));
    total += <f64>weight * (classWeights ? <f64>load<f32>(at(classWeights + class_)) : 1);
  }
  return total;
}

function totalOf(columns: i32, x: usize): f32 {
  let total: f64 = 0;
  for (let i = 0; i < columns; i++) total += <f64>load<f32>(x + (<usize>i << 2));
  return <f32>total;
}

/** Σ classWeights⊙(highest − x) */
function distances(columns: i32, x: usize, highest: f32, classWeights: Address): f32 {
  let total: f64 = 0;
  for (let i = 0; i < columns; i++) {
    const distance = <f64>(highest - load<f32>(x + (<usize>i << 2)));
    total += classWeights ? <f64>load<f32>(at(classWeights + i)) * distance : distance;
  }
  return <f32>total;
}

/** y −= factor·classWeights */
function subtractSpread(columns: i32, factor: f32, classWeights: Address, y: usize): void {
  for (let i = 0; i < columns; i++) {
    const place = y + (<usize>i << 2);
    store<f32>(place, load<f32>(place) - (classWeights ? factor * load<f32>(at(classWeights + i)) : factor));
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
