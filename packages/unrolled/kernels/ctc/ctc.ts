/**
 * Connectionist temporal classification (Graves et al. 2006) of one sequence: the forward-backward algorithm of reference.ts,
 * four states at a time.
 *
 * The workspace is rows of `width` states (2·labels + 1 rounded up to whole vectors) with four elements of padding: log α of the
 * step before the first and of each step, padding before the states; then of one step the states' log-probabilities, the skips (0
 * where a path may come from the state two before, else −∞) and what follows, padding behind. Padding and the states past the
 * last are −∞, so no transition needs a test.
 */
import { Address, at } from "../math/address";
import { constant } from "../math/constant";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";
import { log4 } from "../math/log";
import { madd } from "../math/madd";

const PADDING: i32 = 4;
const PADDING_BYTES: usize = 16;
const LOWEST_FINITE = memory.data<f32>([-3.4028235e38]);

// @ts-ignore: decorator
@inline function widthOf(labels: i32): i32 {
  return (2 * labels + 4) & ~3;
}

/** Elements of the memory that `ctcForward` writes and `ctcBackward` reads. */
export function ctcWorkspaceLength(time: i32, labels: i32): i32 {
  return (time + 4) * (widthOf(labels) + PADDING);
}

/**
 * −log p(targets), in nats; Infinity where no path is possible, and then the workspace is of no use.
 * logProbabilities: [time, classes]; targets: [labels], 32-bit integers, none of them `blank`; time ≥ 1.
 */
export function ctcForward(
  time: i32, classes: i32, labels: i32, blank: i32, logProbabilities: Address, targets: Address, workspace: Address,
): f64 {
  const states = <usize>widthOf(labels) << 2;
  const stride = states + PADDING_BYTES;
  let before = at(workspace) + PADDING_BYTES;
  const emissions = at(workspace) + <usize>(time + 1) * stride;
  const skips = emissions + stride;
  fillLowest(emissions, stride);
  writeSkips(labels, targets, skips, stride);

  // before the first step a path stands on the first blank
  fillLowest(before - PADDING_BYTES, stride);
  store<f32>(before, 0);
  let highest: f32 = 0;
  let logScale: f64 = 0;
  for (let t = 0; t < time; t++) {
    writeEmissions(labels, blank, at(logProbabilities + t * classes), targets, emissions);
    const row = before + stride;
    v128.store(row - PADDING_BYTES, f32x4.splat(-Infinity));
    const shift = f32x4.splat(highest);
    logScale += <f64>highest;
    let best = f32x4.splat(-Infinity);
    for (let s: usize = 0; s < states; s += 16) {
      const from = before + s;
      const skipping = f32x4.add(v128.load(from - 8), v128.load(skips + s));
      const reached = logSumExp(v128.load(from), v128.load(from - 4), skipping);
      const alpha = f32x4.add(f32x4.sub(reached, shift), v128.load(emissions + s));
      v128.store(row + s, alpha);
      best = f32x4.max(best, alpha);
    }
    highest = maximumOfLanes(best);
    if (highest == -Infinity) return Infinity;
    before = row;
  }
  // the last label and the blank after it; without labels the former is padding
  const last = before + (<usize>labels << 3);
  const none = f32x4.splat(-Infinity);
  const ended = logSumExp(v128.load32_splat(last), v128.load32_splat(last - 4), none);
  return -(logScale + <f64>f32x4.extract_lane(ended, 0));
}

/**
 * dLogits += (softmax − occupancy) · scale, where `ctcForward` with the same arguments gave a finite loss. The logits are those
 * whose log-softmax `logProbabilities` is. dLogits: [time, classes].
 */
export function ctcBackward(
  time: i32, classes: i32, labels: i32, blank: i32, scale: f32,
  logProbabilities: Address, targets: Address, workspace: Address, dLogits: Address,
): void {
  const states = <usize>widthOf(labels) << 2;
  const stride = states + PADDING_BYTES;
  const emissions = at(workspace) + <usize>(time + 1) * stride;
  const skips = emissions + stride;
  // log β_t(s) and, for the step before, log β_t(s) + log p_t(class of s); after the last step a path stands on the last blank
  const onward = skips + stride;
  fillLowest(onward, stride);
  store<f32>(onward + (<usize>labels << 3), 0);
  for (let t = time - 1; t >= 0; t--) {
    const alphas = at(workspace) + <usize>(t + 1) * stride + PADDING_BYTES;
    let best = f32x4.splat(-Infinity);
    let bestJoint = f32x4.splat(-Infinity);
    for (let s: usize = 0; s < states; s += 16) {
      const from = onward + s;
      const skipping = f32x4.add(v128.load(from + 8), v128.load(skips + s + 8));
      const beta = logSumExp(v128.load(from), v128.load(from + 4), skipping);
      const joint = f32x4.add(v128.load(alphas + s), beta);
      v128.store(from, beta);
      v128.store(alphas + s, joint);
      best = f32x4.max(best, beta);
      bestJoint = f32x4.max(bestJoint, joint);
    }
    // normalized by its own sum, which is p(l) at every step, so that the error of a long sequence doesn't reach it
    const total = exponentials(states, maximumOfLanes(bestJoint), alphas);

    const row = t * classes;
    const target = at(dLogits + row);
    addSoftmax(classes, scale, at(logProbabilities + row), target);
    subtractOccupancies(labels, blank, scale / total, alphas, targets, target);

    writeEmissions(labels, blank, at(logProbabilities + row), targets, emissions);
    const shift = f32x4.splat(maximumOfLanes(best));
    for (let s: usize = 0; s < states; s += 16) {
      v128.store(onward + s, f32x4.add(f32x4.sub(v128.load(onward + s), shift), v128.load(emissions + s)));
    }
  }
}

/** log(eᵃ + eᵇ + eᶜ), four at once */
// @ts-ignore: decorator
@inline function logSumExp(a: v128, b: v128, c: v128): v128 {
  // three times −∞: −∞ minus the lowest finite number is −∞, of which exp makes 0 and log −∞ again
  const highest = f32x4.max(f32x4.max(f32x4.max(a, b), c), constant(LOWEST_FINITE));
  const sum = f32x4.add(f32x4.add(exp4(f32x4.sub(a, highest)), exp4(f32x4.sub(b, highest))), exp4(f32x4.sub(c, highest)));
  return f32x4.add(highest, log4(sum));
}

// @ts-ignore: decorator
@inline function maximumOfLanes(x: v128): f32 {
  return max(max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)), max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)));
}

function fillLowest(row: usize, bytes: usize): void {
  const lowest = f32x4.splat(-Infinity);
  for (let offset: usize = 0; offset < bytes; offset += 16) v128.store(row + offset, lowest);
}

/** skips[s] = 0 where s is a label, and another one than the label before; else −∞. */
function writeSkips(labels: i32, targets: Address, skips: usize, bytes: usize): void {
  fillLowest(skips, bytes);
  for (let label = 1; label < labels; label++) {
    const differs = load<i32>(at(targets + label)) != load<i32>(at(targets + label - 1));
    if (differs) store<f32>(skips + (<usize>(2 * label + 1) << 2), 0);
  }
}

/** emissions[s] = the log-probability of the class of s: blank and label in turn. */
function writeEmissions(labels: i32, blank: i32, logProbabilities: usize, targets: Address, emissions: usize): void {
  const ofBlank = load<f32>(logProbabilities + (<usize>blank << 2));
  for (let label = 0; label < labels; label++, emissions += 8) {
    store<f32>(emissions, ofBlank);
    store<f32>(emissions, load<f32>(logProbabilities + (<usize>load<i32>(at(targets + label)) << 2)), 4);
  }
  store<f32>(emissions, ofBlank);
}

/** x = exp(x − highest), in place; returns the sum, four partial sums in a fixed order. */
function exponentials(bytes: usize, highest: f32, x: usize): f32 {
  const shift = f32x4.splat(highest);
  let sums = f32x4.splat(0);
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const e = exp4(f32x4.sub(v128.load(x + offset), shift));
    v128.store(x + offset, e);
    sums = f32x4.add(sums, e);
  }
  return f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
}

/** dLogits += scale · exp(logProbabilities), one row */
function addSoftmax(classes: i32, scale: f32, logProbabilities: usize, dLogits: usize): void {
  const factors = f32x4.splat(scale);
  const end = dLogits + (<usize>(classes & ~3) << 2);
  for (; dLogits < end; dLogits += 16, logProbabilities += 16) {
    v128.store(dLogits, madd(factors, exp4(v128.load(logProbabilities)), v128.load(dLogits)));
  }
  const rest = classes & 3;
  if (rest) {
    const probabilities = exp4(loadLanes(logProbabilities, rest));
    storeLanes(dLogits, madd(factors, probabilities, loadLanes(dLogits, rest)), rest);
  }
}

/** dLogits[class of s] −= scale · occupancies[s], one row, s ascending for each class */
function subtractOccupancies(labels: i32, blank: i32, scale: f32, occupancies: usize, targets: Address, dLogits: usize): void {
  let ofBlank: f32 = 0;
  for (let label = 0; label < labels; label++, occupancies += 8) {
    const target = dLogits + (<usize>load<i32>(at(targets + label)) << 2);
    ofBlank += load<f32>(occupancies);
    store<f32>(target, load<f32>(target) - scale * load<f32>(occupancies, 4));
  }
  ofBlank += load<f32>(occupancies);
  const target = dLogits + (<usize>blank << 2);
  store<f32>(target, load<f32>(target) - scale * ofBlank);
}
