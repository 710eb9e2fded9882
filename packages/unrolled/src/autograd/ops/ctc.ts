import { UnrolledError } from "../../errors.js";
import { checkKnown } from "../../options.js";
import { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";
import { type CtcInput, type CtcInputOptions, checkCtcInput } from "./ctc-input.js";
import { type CtcTargets, checkCtcFits, checkCtcTargets } from "./ctc-targets.js";
import { mean } from "./mean.js";
import { multiply } from "./multiply.js";

/** How `ctcLoss` reads its logits and targets, and what it makes of the losses. */
export interface CtcLossOptions extends CtcInputOptions {
  /** Labels of each target, where targets are padded behind. Default: all of each. */
  targetLengths?: ArrayLike<number> | undefined;
  /**
   * What becomes of the losses of the sequences, in nats. Default: `mean`.
   *
   * - `mean`: their mean, shape `[]`; each sequence counts alike.
   * - `meanPerLabel`: the mean of each divided by its number of labels (an empty target by 1), shape `[]`: PyTorch's `mean`.
   * - `none`: as they are, shape `[batch]`.
   */
  reduction?: CtcReduction | undefined;
  /** Whether a sequence whose target is impossible counts as loss 0 without a gradient. Default: false. */
  zeroInfinity?: boolean | undefined;
}

/** What becomes of the losses of a batch's sequences: see `CtcLossOptions`. */
export type CtcReduction = "mean" | "meanPerLabel" | "none";

const REDUCTIONS: readonly string[] = ["mean", "meanPerLabel", "none"] satisfies CtcReduction[];

/**
 * Connectionist temporal classification (Graves et al. 2006): −log p(target | logits), in nats, where a target is shorter than
 * its sequence and nobody knows which label stands where. p sums over all alignments: a class a step, which gives the target once
 * repeats are merged and then blanks removed. Computed with its gradient by the forward-backward algorithm in logarithms.
 *
 * `logits: [batch, time, classes]`, no softmax before it (log-probabilities are taken as they are); `targets`: for each sequence
 * its labels, without blanks, none at all allowed → `[]`, or `[batch]` with `reduction: "none"`.
 *
 * A target is impossible where its sequence has too few steps (an error, unless `zeroInfinity` is set), or where logits of −∞
 * rule it out: its loss is Infinity, and it adds nothing to the gradient.
 *
 * @example ctcLoss(network.apply(x), [[3, 1, 4], [2]], { inputLengths: [20, 12] })
 * @throws {UnrolledError} `UNROLLED_SHAPE` where shapes or lengths don't fit, `UNROLLED_INDEX` or `UNROLLED_DTYPE` for a label or
 * a blank that is no class, `UNROLLED_VALUE` for the blank as a label, for too few steps and for an unknown option.
 */
export function ctcLoss(logits: Operand, targets: CtcTargets, options: CtcLossOptions = {}): Tensor {
  const { inputLengths, targetLengths, blank, reduction = "mean", zeroInfinity = false } = options;
  checkKnown("ctcLoss", options, ["inputLengths", "targetLengths", "blank", "reduction", "zeroInfinity"]);
  checkReduction(reduction);
  return inScope((scope) => {
    const a = scope.use(logits);
    const input = checkCtcInput("ctcLoss", a.shape, { inputLengths, blank });
    const labels = checkCtcTargets("ctcLoss", targets, targetLengths, input);
    if (!zeroInfinity) checkCtcFits("ctcLoss", labels, input);
    const losses = lossesOf(scope, a, input, labels, zeroInfinity);
    if (reduction === "none") return losses;
    if (reduction === "mean") return mean(losses);
    const shares = Float64Array.from(labels, (own) => 1 / Math.max(1, own.length));
    return mean(multiply(losses, Tensor.owning(shares, [shares.length])));
  });
}

/** The loss of each sequence, [batch]. */
function lossesOf(
  scope: Scope,
  a: Tensor,
  { time, classes, blank, lengths }: CtcInput,
  labels: readonly Int32Array[],
  zeroInfinity: boolean,
): Tensor {
  const { engine } = scope;
  const { kernels } = engine;
  const logProbabilities = scope.empty(a.shape);
  const sequences = labels.map((own, sequence) => {
    const [steps, first] = [lengths[sequence] as number, sequence * time * classes];
    const target = scope.useIndices(Tensor.owning(own, [own.length])).address;
    const workspace = scope.empty([kernels.ctcWorkspaceLength(steps, own.length)]).address;
    const row = logProbabilities.address + first;
    kernels.logSoftmax(steps, classes, a.address + first, row);
    const loss = kernels.ctcForward(steps, classes, own.length, blank, row, target, workspace);
    return { steps, first, labels: own.length, target, workspace, row, loss, possible: loss !== Number.POSITIVE_INFINITY };
  });
  const losses = scope.empty([labels.length]);
  engine.write(
    sequences.map(({ loss, possible }) => (possible || !zeroInfinity ? loss : 0)),
    losses.address,
  );
  // dlogits = dloss (softmax − the probability that a state of the class is occupied)
  return scope.derive(losses, [a], (dLosses) => {
    const da = scope.gradientOf(a);
    sequences.forEach(({ steps, first, labels, target, workspace, row, possible }, sequence) => {
      if (!possible) return;
      const slope = engine.readNumber(dLosses + sequence);
      kernels.ctcBackward(steps, classes, labels, blank, slope, row, target, workspace, da + first);
    });
  });
}

function checkReduction(reduction: string): void {
  if (REDUCTIONS.includes(reduction)) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `ctcLoss: \`reduction\` must be one of ${REDUCTIONS.join(", ")}, received ${JSON.stringify(reduction)}.`,
  );
}
