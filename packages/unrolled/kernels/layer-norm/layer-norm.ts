/** Layer normalisation of the rows of x: [rows, columns]. A row's bits don't depend on the rows beside it. */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/**
 * y[r, :] = (x[r, :] − means[r])⊙scales[r]⊙weight + bias, scales[r] = 1 / √(variance + ε) with the variance of the row itself (divided
 * by `columns`). Two passes for mean and variance: a row far from 0 loses no digits.
 */
export function layerNorm(
  rows: i32, columns: i32, epsilon: f32,
  x: Address, weight: Address, bias: Address, y: Address, means: Address, scales: Address,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const rest = columns & 3;
  for (let row = 0; row < rows; row++) {
    const from = at(x + row * columns);
    const to = at(y + row * columns);
    const mean = sumOf(columns, from) / <f32>columns;
    const scale = <f32>1 / sqrt<f32>(squaresOf(columns, from, mean) / <f32>columns + epsilon);
    const m = f32x4.splat(mean);
    const s = f32x4.splat(scale);
    for (let i: usize = 0; i < whole; i += 16) affine(from + i, m, s, at(weight) + i, at(bias) + i, to + i, 4);
    if (rest) affine(from + whole, m, s, at(weight) + whole, at(bias) + whole, to + whole, rest);
    store<f32>(at(means + row), mean);
    store<f32>(at(scales + row), scale);
  }
}

/** dx[r, :] += scales[r]·(g − mean(g) − n·mean(g⊙n)), where g = dy[r, :]⊙weight and n = (x[r, :] − means[r])·scales[r] */
export function layerNormBackward(
  rows: i32, columns: i32, x: Address, weight: Address, means: Address, scales: Address, dy: Address, dx: Address,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const rest = columns & 3;
  const w = at(weight);
  for (let row = 0; row < rows; row++) {
    const from = at(x + row * columns);
    const slope = at(dy + row * columns);
    const to = at(dx + row * columns);
    const m = f32x4.splat(load<f32>(at(means + row)));
    const s = f32x4.splat(load<f32>(at(scales + row)));
    let sum = f32x4.splat(0);
    let along = f32x4.splat(0);
    for (let i: usize = 0; i < whole; i += 16) {
      const g = f32x4.mul(v128.load(slope + i), v128.load(w + i));
      sum = f32x4.add(sum, g);
      along = f32x4.add(along, f32x4.mul(g, f32x4.mul(f32x4.sub(v128.load(from + i), m), s)));
    }
    if (rest) {
      // lanes past the end have g = 0
      const g = f32x4.mul(loadLanes(slope + whole, rest), loadLanes(w + whole, rest));
      sum = f32x4.add(sum, g);
      along = f32x4.add(along, f32x4.mul(g, f32x4.mul(f32x4.sub(loadLanes(from + whole, rest), m), s)));
    }
    const meanSum = f32x4.splat(lanesOf(sum) / <f32>columns);
    const meanAlong = f32x4.splat(lanesOf(along) / <f32>columns);
    for (let i: usize = 0; i < whole; i += 16) slopes(from + i, m, s, w + i, slope + i, meanSum, meanAlong, to + i, 4);
    if (rest) slopes(from + whole, m, s, w + whole, slope + whole, meanSum, meanAlong, to + whole, rest);
  }
}

/** dWeight += Σ_r dy[r, :]⊙(x[r, :] − means[r])·scales[r], rows ascending */
export function layerNormWeightGradient(
  rows: i32, columns: i32, x: Address, means: Address, scales: Address, dy: Address, dWeight: Address,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const rest = columns & 3;
  for (let row = 0; row < rows; row++) {
    const from = at(x + row * columns);
    const slope = at(dy + row * columns);
    const m = f32x4.splat(load<f32>(at(means + row)));
    const s = f32x4.splat(load<f32>(at(scales + row)));
    for (let i: usize = 0; i < whole; i += 16) weightSlopes(from + i, m, s, slope + i, at(dWeight) + i, 4);
    if (rest) weightSlopes(from + whole, m, s, slope + whole, at(dWeight) + whole, rest);
  }
}

// @ts-ignore: decorator
@inline function affine(x: usize, mean: v128, scale: v128, weight: usize, bias: usize, y: usize, lanes: i32): void {
  const normal = f32x4.mul(f32x4.sub(loadLanes(x, lanes), mean), scale);
  storeLanes(y, f32x4.add(f32x4.mul(normal, loadLanes(weight, lanes)), loadLanes(bias, lanes)), lanes);
}

// @ts-ignore: decorator
@inline function slopes(
  x: usize, mean: v128, scale: v128, weight: usize, dy: usize, meanSum: v128, meanAlong: v128, dx: usize, lanes: i32,
): void {
  const g = f32x4.mul(loadLanes(dy, lanes), loadLanes(weight, lanes));
  const normal = f32x4.mul(f32x4.sub(loadLanes(x, lanes), mean), scale);
  const slope = f32x4.mul(scale, f32x4.sub(f32x4.sub(g, meanSum), f32x4.mul(normal, meanAlong)));
  storeLanes(dx, f32x4.add(loadLanes(dx, lanes), slope), lanes);
}

// @ts-ignore: decorator
@inline function weightSlopes(x: usize, mean: v128, scale: v128, dy: usize, dWeight: usize, lanes: i32): void {
  const normal = f32x4.mul(f32x4.sub(loadLanes(x, lanes), mean), scale);
  storeLanes(dWeight, f32x4.add(loadLanes(dWeight, lanes), f32x4.mul(loadLanes(dy, lanes), normal)), lanes);
}

/** Σ x, four partial sums in a fixed order. */
function sumOf(columns: i32, x: usize): f32 {
  let sums = f32x4.splat(0);
  const end = x + (<usize>(columns & ~3) << 2);
  for (; x < end; x += 16) sums = f32x4.add(sums, v128.load(x));
  const rest = columns & 3;
  if (rest) sums = f32x4.add(sums, loadLanes(x, rest));
  return lanesOf(sums);
}

/** Σ (x − mean)², likewise. */
function squaresOf(columns: i32, x: usize, mean: f32): f32 {
  const m = f32x4.splat(mean);
  let sums = f32x4.splat(0);
  const end = x + (<usize>(columns & ~3) << 2);
  for (; x < end; x += 16) {
    const distance = f32x4.sub(v128.load(x), m);
    sums = f32x4.add(sums, f32x4.mul(distance, distance));
  }
  let sum = lanesOf(sums);
  for (let i = 0; i < (columns & 3); i++) {
    const distance = load<f32>(x + (<usize>i << 2)) - mean;
    sum += distance * distance;
  }
  return sum;
}

// @ts-ignore: decorator
@inline function lanesOf(sums: v128): f32 {
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
}
