import type { CtcInputOptions } from "../../autograd/ops/ctc-input.js";
import type { Operand } from "../../autograd/scope.js";
import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import { readSequences } from "./log-probabilities.js";
import { logAdd, Prefix } from "./prefix.js";

/** How `ctcBeamDecode` reads its logits, and how far it looks. */
export interface CtcBeamOptions extends CtcInputOptions {
  /** How many beginnings of the answer are followed from step to step. Default: 16. */
  beamWidth?: number | undefined;
  /** How many answers are given for each sequence, at most `beamWidth`. Default: 1. */
  nBest?: number | undefined;
}

/** One reading of a sequence. */
export interface CtcHypothesis {
  /** Classes, without blanks; none at all for a sequence that reads as empty. */
  readonly labels: number[];
  /**
   * log p(labels | logits), in nats, of all alignments that the beam has kept: at most the true one, and equal to it where it
   * kept all.
   */
  readonly logProbability: number;
}

/**
 * Looks for the most probable labels of each sequence by prefix beam search (Hannun et al. 2014): beginnings that are the same
 * labels are one entry of the beam, whose probability sums over their alignments. A wider beam finds better answers, in
 * proportionally more time.
 *
 * `logits: [batch, time, classes]` → for each sequence its best hypotheses, the most probable first; fewer than `nBest` where
 * there are no more.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where shapes or lengths don't fit, `UNROLLED_INDEX` for a blank that is no class,
 * `UNROLLED_NOT_FINITE` for logits that give no probabilities, `UNROLLED_VALUE` for other wrong or unknown options.
 */
export function ctcBeamDecode(logits: Operand, options: CtcBeamOptions = {}): CtcHypothesis[][] {
  checkKnown("ctcBeamDecode", options, ["inputLengths", "blank", "beamWidth", "nBest"]);
  const { beamWidth = 16, nBest = 1, ...inputOptions } = options;
  checkCount("ctcBeamDecode", "beamWidth", beamWidth);
  checkCount("ctcBeamDecode", "nBest", nBest);
  if (nBest > beamWidth) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `ctcBeamDecode: \`nBest\` must be at most beamWidth, ${beamWidth}, received ${nBest}; set a wider beam.`,
    );
  }
  const { classes, blank, sequences } = readSequences("ctcBeamDecode", logits, inputOptions);
  return sequences.map((steps) => {
    let beam = [Prefix.root()];
    for (const logProbabilities of steps) beam = advance(beam, logProbabilities, { classes, blank, beamWidth });
    return beam
      .sort((a, b) => b.logProbability - a.logProbability)
      .slice(0, nBest)
      .map(({ labels, logProbability }) => ({ labels, logProbability }));
  });
}

/** The beam after one more step. */
function advance(
  beam: readonly Prefix[],
  logProbabilities: Float64Array,
  { classes, blank, beamWidth }: { classes: number; blank: number; beamWidth: number },
): Prefix[] {
  const inBeam = new Set(beam);
  // log p of prefix i followed by label c at [i · classes + c]; of prefix i as it is at the place of the blank
  const candidates = new Float64Array(beam.length * classes);
  const unchanged = beam.map((prefix, i) => {
    for (let c = 0; c < classes; c++) {
      const child = prefix.children.get(c);
      // what leads to a child in the beam is part of that one's own candidate
      const merges = child !== undefined && inBeam.has(child);
      candidates[i * classes + c] = merges ? Number.NEGATIVE_INFINITY : prefix.before(c) + (logProbabilities[c] as number);
    }
    const stays = staying(prefix, inBeam, logProbabilities, blank);
    candidates[i * classes + blank] = logAdd(stays.inBlank, stays.inLabel);
    return stays;
  });
  return largest(candidates, beamWidth).map((candidate) => {
    const [i, c] = [Math.floor(candidate / classes), candidate % classes];
    const prefix = beam[i] as Prefix;
    if (c !== blank) return prefix.child(c).become(Number.NEGATIVE_INFINITY, candidates[candidate] as number);
    const { inBlank, inLabel } = unchanged[i] as EndingIn;
    return prefix.become(inBlank, inLabel);
  });
}

/** log p of a prefix's alignments that end in a blank, and of those that end in its last label. */
interface EndingIn {
  readonly inBlank: number;
  readonly inLabel: number;
}

/**
 * A prefix after a step that gives it no new label: a blank, its last label again, or that label where its parent had not had it
 * yet.
 */
function staying(prefix: Prefix, inBeam: ReadonlySet<Prefix>, logProbabilities: Float64Array, blank: number): EndingIn {
  const inBlank = prefix.logProbability + (logProbabilities[blank] as number);
  const { parent, label } = prefix;
  if (parent === undefined || label === undefined) return { inBlank, inLabel: Number.NEGATIVE_INFINITY };
  const before = inBeam.has(parent) ? parent.before(label) : Number.NEGATIVE_INFINITY;
  return { inBlank, inLabel: logAdd(prefix.endingInLabel, before) + (logProbabilities[label] as number) };
}

/** Where the `count` largest numbers stand, the first of equal ones; those of −∞ are left out. */
function largest(values: Float64Array, count: number): number[] {
  const smallest = values.toSorted().at(-Math.min(count, values.length)) as number;
  const places = Array.from(values.keys()).filter((place) => values[place] !== Number.NEGATIVE_INFINITY);
  const above = places.filter((place) => (values[place] as number) > smallest);
  const equal = places.filter((place) => values[place] === smallest);
  return [...above, ...equal].slice(0, count);
}
