/**
 * The linear-chain conditional random field of reference.ts, four tags at a time.
 *
 * The workspace is rows of `width` tags (V rounded up to whole vectors), whose padding is −∞ and so adds nothing: log α of each step;
 * then of one step log β, what follows, and the probabilities; then what each tag goes on to. For decoding: two rows of scores, and
 * for each step where each tag came from.
 */
import { Address, at } from "../math/address";
import { constant } from "../math/constant";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";
import { log4 } from "../math/log";
import { madd } from "../math/madd";

const LOWEST_FINITE = memory.data<f32>([-3.4028235e38]);

// @ts-ignore: decorator
@inline function widthOf(tags: i32): i32 {
  return (tags + 3) & ~3;
}

/** Elements of the memory that `crfForward` writes and `crfBackward` reads, and of that of `crfDecode`. */
export function crfWorkspaceLength(time: i32, tags: i32): i32 {
  return (time + 3 + tags) * widthOf(tags);
}

/** The byte address of a step's row in a tensor of rows of `columns` elements. */
// @ts-ignore: decorator
@inline function rowAt(base: Address, offsets: Address, t: i32, place: i32, columns: i32): usize {
  return at(base) + (<usize>(load<i32>(at(offsets + t)) + place) * <usize>columns << 2);
}

// @ts-ignore: decorator
@inline function lanesFrom(j: i32, tags: i32): i32 {
  return min(4, tags - j);
}

/** Lanes past the last tag become −∞. */
// @ts-ignore: decorator
@inline function padded(x: v128, lanes: i32): v128 {
  if (lanes >= 4) return x;
  const lowest = f32x4.splat(-Infinity);
  if (lanes == 1) return v128.shuffle<f32>(x, lowest, 0, 5, 6, 7);
  if (lanes == 2) return v128.shuffle<f32>(x, lowest, 0, 1, 6, 7);
  return v128.shuffle<f32>(x, lowest, 0, 1, 2, 7);
}

/** −log p(targets), in nats; Infinity where scores of −∞ rule the targets out, and then the workspace is of no use. */
export function crfForward(
  time: i32, tags: i32, place: i32, offsets: Address, emissions: Address, targets: Address,
  transitions: Address, starts: Address, ends: Address, workspace: Address,
): f64 {
  const width = <usize>widthOf(tags) << 2;
  let alphas = at(workspace);
  let score: f64 = 0;
  let logScale: f64 = 0;
  let highest: f32 = 0;
  let tagBefore = 0;
  for (let t = 0; t < time; t++) {
    const emission = rowAt(emissions, offsets, t, place, tags);
    const shift = f32x4.splat(highest);
    logScale += <f64>highest;
    let best = f32x4.splat(-Infinity);
    for (let j = 0; j < tags; j += 4) {
      const lanes = lanesFrom(j, tags);
      const column = <usize>j << 2;
      const reached =
        t == 0
          ? loadLanes(at(starts) + column, lanes)
          : f32x4.sub(reachedFrom(tags, alphas - width, at(transitions) + column, lanes), shift);
      const alpha = padded(f32x4.add(reached, loadLanes(emission + column, lanes)), lanes);
      v128.store(alphas + column, alpha);
      best = f32x4.max(best, alpha);
    }
    highest = maximumOfLanes(best);
    const tag = load<i32>(rowAt(targets, offsets, t, place, 1));
    score += <f64>load<f32>(t == 0 ? at(starts + tag) : at(transitions + tagBefore * tags + tag));
    score += <f64>load<f32>(emission + (<usize>tag << 2));
    tagBefore = tag;
    alphas += width;
  }
  score += <f64>load<f32>(at(ends + tagBefore));
  alphas -= width;
  for (let j = 0; j < tags; j += 4) {
    const column = <usize>j << 2;
    const ended = f32x4.add(v128.load(alphas + column), loadLanes(at(ends) + column, lanesFrom(j, tags)));
    // behind the alphas, which the way back needs
    v128.store(alphas + width + column, ended);
  }
  const logTotal = logScale + <f64>logSumOf(width, alphas + width);
  return score == -Infinity ? Infinity : logTotal - score;
}

/**
 * Adds scale times the derivative of −log p(targets), where `crfForward` with the same arguments gave a finite loss.
 * dEmissions: [rows, tags]; dTransitions: [tags, tags]; dStarts, dEnds: [tags].
 */
export function crfBackward(
  time: i32, tags: i32, place: i32, scale: f32, offsets: Address, emissions: Address, targets: Address,
  transitions: Address, ends: Address, workspace: Address,
  dEmissions: Address, dTransitions: Address, dStarts: Address, dEnds: Address,
): void {
  const width = <usize>widthOf(tags) << 2;
  const betas = at(workspace) + <usize>time * width;
  const onward = betas + width;
  const probabilities = onward + width;
  const through = probabilities + width;
  for (let j = 0; j < tags; j += 4) {
    const column = <usize>j << 2;
    const lanes = lanesFrom(j, tags);
    v128.store(betas + column, padded(loadLanes(at(ends) + column, lanes), lanes));
  }
  let tagAfter = 0;
  for (let t = time - 1; t >= 0; t--) {
    const isLast = t == time - 1;
    const tag = load<i32>(rowAt(targets, offsets, t, place, 1));
    if (!isLast) writeBetas(tags, width, at(transitions), onward, betas, through);
    writeProbabilities(width, at(workspace) + <usize>t * width, betas, probabilities);
    if (!isLast) {
      addTransitions(tags, width, scale, probabilities, through, at(dTransitions));
      subtract(at(dTransitions + tag * tags + tagAfter), scale);
    }
    const dEmission = rowAt(dEmissions, offsets, t, place, tags);
    addScaledRow(tags, scale, probabilities, dEmission);
    subtract(dEmission + (<usize>tag << 2), scale);
    if (t == 0) {
      addScaledRow(tags, scale, probabilities, at(dStarts));
      subtract(at(dStarts + tag), scale);
    }
    if (isLast) {
      addScaledRow(tags, scale, probabilities, at(dEnds));
      subtract(at(dEnds + tag), scale);
    }
    const shift = f32x4.splat(highestOf(width, betas));
    const emission = rowAt(emissions, offsets, t, place, tags);
    for (let j = 0; j < tags; j += 4) {
      const column = <usize>j << 2;
      const beta = f32x4.sub(v128.load(betas + column), shift);
      v128.store(onward + column, f32x4.add(beta, loadLanes(emission + column, lanesFrom(j, tags))));
    }
    tagAfter = tag;
  }
}

/** The tags with the highest score, the lowest of equal ones (Viterbi 1967) → their score. path: [rows], 32-bit integers. */
export function crfDecode(
  time: i32, tags: i32, place: i32, offsets: Address, emissions: Address,
  transitions: Address, starts: Address, ends: Address, workspace: Address, path: Address,
): f64 {
  const width = <usize>widthOf(tags) << 2;
  let before = at(workspace);
  let scores = before + width;
  const origins = scores + width;
  let logScale: f64 = 0;
  let highest: f32 = 0;
  for (let t = 0; t < time; t++) {
    const emission = rowAt(emissions, offsets, t, place, tags);
    const shift = f32x4.splat(highest);
    logScale += <f64>highest;
    let best = f32x4.splat(-Infinity);
    for (let j = 0; j < tags; j += 4) {
      const lanes = lanesFrom(j, tags);
      const column = <usize>j << 2;
      let reached = loadLanes(at(starts) + column, lanes);
      if (t > 0) {
        const transition = at(transitions) + column;
        reached = f32x4.add(v128.load32_splat(before), loadLanes(transition, lanes));
        let origin = i32x4.splat(0);
        for (let i = 1; i < tags; i++) {
          const candidate = f32x4.add(v128.load32_splat(before + (<usize>i << 2)), loadLanes(transition + (<usize>(i * tags) << 2), lanes));
          const isHigher = f32x4.gt(candidate, reached);
          reached = v128.bitselect(candidate, reached, isHigher);
          origin = v128.bitselect(i32x4.splat(i), origin, isHigher);
        }
        v128.store(origins + <usize>t * width + column, origin);
        reached = f32x4.sub(reached, shift);
      }
      const score = padded(f32x4.add(reached, loadLanes(emission + column, lanes)), lanes);
      v128.store(scores + column, score);
      best = f32x4.max(best, score);
    }
    highest = maximumOfLanes(best);
    const free = before;
    before = scores;
    scores = free;
  }
  let tag = 0;
  let ended = load<f32>(before) + load<f32>(at(ends));
  for (let j = 1; j < tags; j++) {
    const candidate = load<f32>(before + (<usize>j << 2)) + load<f32>(at(ends + j));
    if (candidate > ended) {
      ended = candidate;
      tag = j;
    }
  }
  for (let t = time - 1; t >= 0; t--) {
    store<i32>(rowAt(path, offsets, t, place, 1), tag);
    if (t > 0) tag = load<i32>(origins + <usize>t * width + (<usize>tag << 2));
  }
  return logScale + <f64>ended;
}

/** log Σ_i exp(alphas[i] + transitions[i, j]) for the tags j from the column on. */
// @ts-ignore: decorator
@inline function reachedFrom(tags: i32, alphas: usize, column: usize, lanes: i32): v128 {
  const row = <usize>tags << 2;
  // where all are −∞: −∞ minus the lowest finite number is −∞, of which exp makes 0 and log −∞ again
  let highest = constant(LOWEST_FINITE);
  let transition = column;
  for (let i = 0; i < tags; i++, transition += row) {
    const through = f32x4.add(v128.load32_splat(alphas + (<usize>i << 2)), loadLanes(transition, lanes));
    highest = f32x4.max(highest, through);
  }
  let sum = f32x4.splat(0);
  transition = column;
  for (let i = 0; i < tags; i++, transition += row) {
    const through = f32x4.add(v128.load32_splat(alphas + (<usize>i << 2)), loadLanes(transition, lanes));
    sum = f32x4.add(sum, exp4(f32x4.sub(through, highest)));
  }
  return f32x4.add(highest, log4(sum));
}

/** betas[i] = log Σ_j exp(transitions[i, j] + onward[j]), and through[i, j] = the share that j has of it. */
function writeBetas(tags: i32, width: usize, transitions: usize, onward: usize, betas: usize, through: usize): void {
  for (let i = 0; i < tags; i++, through += width) {
    const transition = transitions + (<usize>(i * tags) << 2);
    let best = constant(LOWEST_FINITE);
    for (let j = 0; j < tags; j += 4) {
      const column = <usize>j << 2;
      const value = f32x4.add(loadLanes(transition + column, lanesFrom(j, tags)), v128.load(onward + column));
      v128.store(through + column, value);
      best = f32x4.max(best, value);
    }
    const highest = maximumOfLanes(best);
    const total = exponentials(width, highest, through, through);
    store<f32>(betas + (<usize>i << 2), total == 0 ? -Infinity : highest + f32x4.extract_lane(log4(f32x4.splat(total)), 0));
    const share = f32x4.splat(total == 0 ? 0 : 1 / total);
    for (let column: usize = 0; column < width; column += 16) {
      v128.store(through + column, f32x4.mul(v128.load(through + column), share));
    }
  }
}

/** probabilities[i] = the softmax over i of alphas[i] + betas[i] */
function writeProbabilities(width: usize, alphas: usize, betas: usize, probabilities: usize): void {
  for (let column: usize = 0; column < width; column += 16) {
    v128.store(probabilities + column, f32x4.add(v128.load(alphas + column), v128.load(betas + column)));
  }
  // normalized by their own sum, which is Z at every step, so that the error of a long sequence doesn't reach it
  const total = exponentials(width, highestOf(width, probabilities), probabilities, probabilities);
  const share = f32x4.splat(1 / total);
  for (let column: usize = 0; column < width; column += 16) {
    v128.store(probabilities + column, f32x4.mul(v128.load(probabilities + column), share));
  }
}

/** dTransitions[i, j] += scale · probabilities[i] · through[i, j] */
function addTransitions(tags: i32, width: usize, scale: f32, probabilities: usize, through: usize, dTransitions: usize): void {
  for (let i = 0; i < tags; i++, through += width) {
    addScaledRow(tags, scale * load<f32>(probabilities + (<usize>i << 2)), through, dTransitions + (<usize>(i * tags) << 2));
  }
}

/** y += factor · x, `tags` of them */
function addScaledRow(tags: i32, factor: f32, x: usize, y: usize): void {
  const factors = f32x4.splat(factor);
  for (let j = 0; j < tags; j += 4) {
    const lanes = lanesFrom(j, tags);
    const target = y + (<usize>j << 2);
    storeLanes(target, madd(factors, v128.load(x + (<usize>j << 2)), loadLanes(target, lanes)), lanes);
  }
}

// @ts-ignore: decorator
@inline function subtract(address: usize, value: f32): void {
  store<f32>(address, load<f32>(address) - value);
}

/** log Σ exp x over a padded row */
function logSumOf(width: usize, x: usize): f32 {
  const highest = highestOf(width, x);
  if (highest == -Infinity) return highest;
  return highest + f32x4.extract_lane(log4(f32x4.splat(exponentials(width, highest, x, x))), 0);
}

function highestOf(width: usize, x: usize): f32 {
  let best = f32x4.splat(-Infinity);
  for (let column: usize = 0; column < width; column += 16) best = f32x4.max(best, v128.load(x + column));
  return maximumOfLanes(best);
}

/** y = exp(x − highest); returns the sum, four partial sums in a fixed order. */
function exponentials(width: usize, highest: f32, x: usize, y: usize): f32 {
  const shift = f32x4.splat(highest);
  let sums = f32x4.splat(0);
  for (let column: usize = 0; column < width; column += 16) {
    const e = exp4(f32x4.sub(v128.load(x + column), shift));
    v128.store(y + column, e);
    sums = f32x4.add(sums, e);
  }
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
}

// @ts-ignore: decorator
@inline function maximumOfLanes(x: v128): f32 {
  return max(max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)), max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)));
}
