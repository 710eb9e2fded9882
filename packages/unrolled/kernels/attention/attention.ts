/**
 * Attention of rows over the places of a memory. Row r sees `lengths[r]` places from `starts[r]` on (32-bit integers); scores and weights are
 * [rows, stride], of which a row's own places are read and written, keys [places, depth], values [places, width].
 */
import { Address, at } from "../math/address";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";
import { tanhRange } from "../math/tanh";

/** scores[r, j] = q[r]·keys[starts[r] + j] */
export function attentionDot(
  rows: i32, depth: i32, q: Address, keys: Address, starts: Address, lengths: Address, scores: Address, stride: i32,
): void {
  for (let row = 0; row < rows; row++) {
    const query = at(q + row * depth);
    let key = at(keys + indexAt(starts, row) * depth);
    let score = at(scores + row * stride);
    for (const end = score + (<usize>indexAt(lengths, row) << 2); score < end; score += 4, key += <usize>depth << 2) {
      store<f32>(score, dot(depth, query, key));
    }
  }
}

/** dq[r] += Σ_j dScores[r, j]·keys[starts[r] + j], and dKeys[starts[r] + j] += dScores[r, j]·q[r] where there is a place for it */
export function attentionDotBackward(
  rows: i32, depth: i32, q: Address, keys: Address, starts: Address, lengths: Address, dScores: Address, stride: i32,
  dq: Address, dKeys: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const first = indexAt(starts, row) * depth;
    for (let j = 0; j < indexAt(lengths, row); j++) {
      const slope = load<f32>(at(dScores + row * stride + j));
      addScaled(depth, slope, at(keys + first + j * depth), at(dq + row * depth));
      if (dKeys) addScaled(depth, slope, at(q + row * depth), at(dKeys + first + j * depth));
    }
  }
}

/** scores[r, j] = v·tanh(q[r] + keys[starts[r] + j]); scratch: [rows, depth] */
export function attentionAdditive(
  rows: i32, depth: i32, q: Address, keys: Address, v: Address, starts: Address, lengths: Address, scores: Address, stride: i32,
  scratch: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const first = indexAt(starts, row) * depth;
    const hidden = at(scratch + row * depth);
    for (let j = 0; j < indexAt(lengths, row); j++) {
      tanhOfSum(depth, at(q + row * depth), at(keys + first + j * depth), hidden);
      store<f32>(at(scores + row * stride + j), dot(depth, at(v), hidden));
    }
  }
}

/**
 * With s = tanh(q[r] + keys[starts[r] + j]) and p = dScores[r, j]·v⊙(1 − s²): dq[r] += Σ_j p, dKeys[starts[r] + j] += p where there is a place for
 * it, and dv[r] += Σ_j dScores[r, j]·s, row by row; scratch: [rows, depth]
 */
export function attentionAdditiveBackward(
  rows: i32, depth: i32, q: Address, keys: Address, v: Address, starts: Address, lengths: Address, dScores: Address, stride: i32,
  dq: Address, dKeys: Address, dv: Address, scratch: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const first = indexAt(starts, row) * depth;
    const hidden = at(scratch + row * depth);
    for (let j = 0; j < indexAt(lengths, row); j++) {
      const slope = load<f32>(at(dScores + row * stride + j));
      tanhOfSum(depth, at(q + row * depth), at(keys + first + j * depth), hidden);
      addScaled(depth, slope, hidden, at(dv + row * depth));
      multiplySlopes(depth, slope, at(v), hidden);
      addScaled(depth, 1, hidden, at(dq + row * depth));
      if (dKeys) addScaled(depth, 1, hidden, at(dKeys + first + j * depth));
    }
  }
}

/** weights[r] = softmax of the scores that stand there; context[r] = Σ_j weights[r, j]·values[starts[r] + j] */
export function attentionRead(
  rows: i32, width: i32, values: Address, starts: Address, lengths: Address, weights: Address, stride: i32, context: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const length = indexAt(lengths, row);
    const own = at(weights + row * stride);
    softmaxRow(length, own);
    weightedSum(length, width, own, at(values + indexAt(starts, row) * width), at(context + row * width));
  }
}

/**
 * dScores[r, j] = weights[r, j]·(a_j − Σ_k weights[r, k]·a_k), a_j = dContext[r]·values[starts[r] + j], and dValues[starts[r] + j] +=
 * weights[r, j]·dContext[r] where there is a place for it
 */
export function attentionReadBackward(
  rows: i32, width: i32, values: Address, starts: Address, lengths: Address, weights: Address, stride: i32, dContext: Address,
  dScores: Address, dValues: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const first = indexAt(starts, row) * width;
    const length = indexAt(lengths, row);
    const slopes = at(dContext + row * width);
    const own = row * stride;
    let along: f32 = 0;
    for (let j = 0; j < length; j++) {
      const weight = load<f32>(at(weights + own + j));
      const slope = dot(width, slopes, at(values + first + j * width));
      store<f32>(at(dScores + own + j), slope);
      along += weight * slope;
      if (dValues) addScaled(width, weight, slopes, at(dValues + first + j * width));
    }
    for (let j = 0; j < length; j++) {
      const target = at(dScores + own + j);
      store<f32>(target, load<f32>(at(weights + own + j)) * (load<f32>(target) - along));
    }
  }
}

// @ts-ignore: decorator
@inline function indexAt(indices: Address, row: i32): i32 {
  return load<i32>(at(indices + row));
}

/** Eight partial sums in a fixed order. */
function dot(length: i32, a: usize, b: usize): f32 {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
  for (const end = a + (<usize>(length & ~7) << 2); a < end; a += 32, b += 32) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
  }
  for (let rest = length & 7; rest > 0; rest -= 4, a += 16, b += 16) s0 = madd(loadLanes(a, rest), loadLanes(b, rest), s0);
  const s = f32x4.add(s0, s1);
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}

/** y += factor·x */
function addScaled(length: i32, factor: f32, x: usize, y: usize): void {
  const factors = f32x4.splat(factor);
  for (const end = x + (<usize>(length & ~7) << 2); x < end; x += 32, y += 32) {
    const y0 = madd(factors, v128.load(x), v128.load(y));
    const y1 = madd(factors, v128.load(x, 16), v128.load(y, 16));
    v128.store(y, y0);
    v128.store(y, y1, 16);
  }
  for (let rest = length & 7; rest > 0; rest -= 4, x += 16, y += 16) {
    storeLanes(y, madd(factors, loadLanes(x, rest), loadLanes(y, rest)), rest);
  }
}

/** y = tanh(a + b) */
function tanhOfSum(length: i32, a: usize, b: usize, y: usize): void {
  let to = y;
  for (let rest = length; rest > 0; rest -= 4, a += 16, b += 16, to += 16) {
    storeLanes(to, f32x4.add(loadLanes(a, rest), loadLanes(b, rest)), rest);
  }
  tanhRange(length, y, y);
}

/** y = factor·v⊙(1 − y²) */
function multiplySlopes(length: i32, factor: f32, v: usize, y: usize): void {
  const factors = f32x4.splat(factor), one = f32x4.splat(1);
  for (let rest = length; rest > 0; rest -= 4, v += 16, y += 16) {
    const s = loadLanes(y, rest);
    storeLanes(y, f32x4.mul(f32x4.mul(factors, loadLanes(v, rest)), f32x4.sub(one, f32x4.mul(s, s))), rest);
  }
}

/** x = softmax(x), stable */
function softmaxRow(length: i32, x: usize): void {
  let highest: f32 = -Infinity;
  const end = x + (<usize>length << 2);
  for (let place = x; place < end; place += 4) highest = max(highest, load<f32>(place));
  const shift = f32x4.splat(highest);
  for (let rest = length, place = x; rest > 0; rest -= 4, place += 16) {
    storeLanes(place, exp4(f32x4.sub(loadLanes(place, rest), shift)), rest);
  }
  let sum: f32 = 0;
  for (let place = x; place < end; place += 4) sum += load<f32>(place);
  const factor: f32 = 1 / sum;
  for (let place = x; place < end; place += 4) store<f32>(place, load<f32>(place) * factor);
}

/** y = Σ_j weights[j]·x[j, :], j ascending; y stays in registers, 16 columns at a time. */
function weightedSum(length: i32, width: i32, weights: usize, x: usize, y: usize): void {
  const stride = <usize>width << 2;
  const weightsEnd = weights + (<usize>length << 2);
  let column = 0;
  for (; column + 16 <= width; column += 16) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let from = x + (<usize>column << 2);
    for (let weight = weights; weight < weightsEnd; weight += 4, from += stride) {
      const w = v128.load32_splat(weight);
      s0 = madd(w, v128.load(from), s0);
      s1 = madd(w, v128.load(from, 16), s1);
      s2 = madd(w, v128.load(from, 32), s2);
      s3 = madd(w, v128.load(from, 48), s3);
    }
    const to = y + (<usize>column << 2);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
  }
  for (; column < width; column += 4) {
    const rest = width - column;
    let sum = f32x4.splat(0);
    let from = x + (<usize>column << 2);
    for (let weight = weights; weight < weightsEnd; weight += 4, from += stride) {
      sum = madd(v128.load32_splat(weight), loadLanes(from, rest), sum);
    }
    storeLanes(y + (<usize>column << 2), sum, rest);
  }
}
