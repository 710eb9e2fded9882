/**
 * Rows that belong to segments: the steps of one sequence, wherever they lie. segments: [rows], the segment of each row, 32-bit
 * integers from 0 to count − 1. A segment's sums take its rows ascending, whatever other segments there are.
 */
import { Address, at } from "../math/address";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";

/** y[segments[r], :] += weights[r]·x[r, :], rows ascending */
export function segmentSum(
  rows: i32, columns: i32, x: Address, weights: Address, segments: Address, y: Address,
): void {
  for (let row = 0; row < rows; row++) {
    addScaledRow(columns, load<f32>(at(weights + row)), at(x + row * columns), at(y + segmentOf(segments, row) * columns));
  }
}

/** dx[r, :] += weights[r]·dy[segments[r], :] */
export function segmentSumBackward(
  rows: i32, columns: i32, dy: Address, weights: Address, segments: Address, dx: Address,
): void {
  for (let row = 0; row < rows; row++) {
    addScaledRow(columns, load<f32>(at(weights + row)), at(dy + segmentOf(segments, row) * columns), at(dx + row * columns));
  }
}

/** dWeights[r] += Σ dy[segments[r], :]⊙x[r, :] */
export function segmentSumWeightGradient(
  rows: i32, columns: i32, dy: Address, x: Address, segments: Address, dWeights: Address,
): void {
  for (let row = 0; row < rows; row++) {
    let left = at(dy + segmentOf(segments, row) * columns);
    let right = at(x + row * columns);
    let sums = f32x4.splat(0);
    const end = left + (<usize>(columns & ~3) << 2);
    for (; left < end; left += 16, right += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(left), v128.load(right)));
    const rest = columns & 3;
    if (rest) sums = f32x4.add(sums, f32x4.mul(loadLanes(left, rest), loadLanes(right, rest)));
    const sum =
      f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
    store<f32>(at(dWeights + row), load<f32>(at(dWeights + row)) + sum);
  }
}

/**
 * y[s, :] = the largest x[r, :] of the rows of segment s, column by column; positions[s, :]: the first row that has it, as an index. NaN
 * wins. Every segment must have a row.
 */
export function segmentMax(
  rows: i32, columns: i32, count: i32, x: Address, segments: Address, y: Address, positions: Address,
): void {
  memory.fill(at(positions), 0xff, <usize>(count * columns) << 2);
  for (let row = 0; row < rows; row++) {
    const first = segmentOf(segments, row) * columns;
    for (let i = 0; i < columns; i++) {
      const value = load<f32>(at(x + row * columns + i));
      const best = load<f32>(at(y + first + i));
      const position = at(positions + first + i);
      if (load<i32>(position) >= 0 && !(value > best) && (value == value || best != best)) continue;
      store<f32>(at(y + first + i), value);
      store<i32>(position, row);
    }
  }
}

/** dx[positions[s, i], i] += dy[s, i] */
export function segmentMaxBackward(count: i32, columns: i32, dy: Address, positions: Address, dx: Address): void {
  for (let segment = 0; segment < count; segment++) {
    for (let i = 0; i < columns; i++) {
      const target = at(dx + load<i32>(at(positions + segment * columns + i)) * columns + i);
      store<f32>(target, load<f32>(target) + load<f32>(at(dy + segment * columns + i)));
    }
  }
}

/** y[r] = exp(x[r]) / Σ exp(x) over the rows of the same segment, stable; scratch: [count]. */
export function segmentSoftmax(
  rows: i32, count: i32, x: Address, segments: Address, y: Address, scratch: Address,
): void {
  for (let segment = 0; segment < count; segment++) store<f32>(at(scratch + segment), -Infinity);
  for (let row = 0; row < rows; row++) {
    const highest = at(scratch + segmentOf(segments, row));
    store<f32>(highest, max<f32>(load<f32>(highest), load<f32>(at(x + row))));
  }
  for (let row = 0; row < rows; row++) {
    store<f32>(at(y + row), load<f32>(at(x + row)) - load<f32>(at(scratch + segmentOf(segments, row))));
  }
  const end = rows & ~3;
  for (let row = 0; row < end; row += 4) v128.store(at(y + row), exp4(v128.load(at(y + row))));
  const rest = rows & 3;
  if (rest) storeLanes(at(y + end), exp4(loadLanes(at(y + end), rest)), rest);
  memory.fill(at(scratch), 0, <usize>count << 2);
  for (let row = 0; row < rows; row++) {
    const sum = at(scratch + segmentOf(segments, row));
    store<f32>(sum, load<f32>(sum) + load<f32>(at(y + row)));
  }
  for (let row = 0; row < rows; row++) {
    store<f32>(at(y + row), load<f32>(at(y + row)) / load<f32>(at(scratch + segmentOf(segments, row))));
  }
}

/** dx[r] += y[r]·(dy[r] − Σ dy⊙y over the rows of the same segment), y the softmax; scratch: [count]. */
export function segmentSoftmaxBackward(
  rows: i32, count: i32, y: Address, dy: Address, segments: Address, dx: Address, scratch: Address,
): void {
  memory.fill(at(scratch), 0, <usize>count << 2);
  for (let row = 0; row < rows; row++) {
    const along = at(scratch + segmentOf(segments, row));
    store<f32>(along, load<f32>(along) + load<f32>(at(y + row)) * load<f32>(at(dy + row)));
  }
  for (let row = 0; row < rows; row++) {
    const slope = load<f32>(at(dy + row)) - load<f32>(at(scratch + segmentOf(segments, row)));
    store<f32>(at(dx + row), load<f32>(at(dx + row)) + load<f32>(at(y + row)) * slope);
  }
}

// @ts-ignore: decorator
@inline function segmentOf(segments: Address, row: i32): i32 {
  return load<i32>(at(segments + row));
}

function addScaledRow(columns: i32, scale: f32, x: usize, y: usize): void {
  const scales = f32x4.splat(scale);
  const end = x + (<usize>(columns & ~3) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, f32x4.add(v128.load(y), f32x4.mul(scales, v128.load(x))));
  const rest = columns & 3;
  if (rest) storeLanes(y, f32x4.add(loadLanes(y, rest), f32x4.mul(scales, loadLanes(x, rest))), rest);
}
