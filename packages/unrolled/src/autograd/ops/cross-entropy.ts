import { UnrolledError } from "../../errors.js";
import type { Address } from "../../memory/memory.js";
import { checkKnown } from "../../options.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";
import { checkIndices } from "./gather.js";
import { linearSizes, writeLinear } from "./linear.js";
import { addWeightGradient, packed } from "./packed.js";

/** Rows whose logits exist at a time. */
const CHUNK_ROWS = 512;

/** What a cross-entropy is weighed by. */
export interface SoftmaxCrossEntropyOptions {
  /** Of each row, in the targets' shape; a row of weight 0 counts for nothing, whatever its target is. Default: 1 each. */
  weights?: Tensor;
  /** Of each class, `[classes]`. Default: 1 each. */
  classWeights?: Operand;
  /** How much of a target's probability is spread evenly over all classes, from 0 to below 1. Default: 0. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy in nats, −log softmax(logits)[target], as a mean. `logits: […, classes]`, `targets: […]`, whole numbers → `[]`.
 *
 * With weights w of rows and c of classes, and label smoothing ε (Szegedy et al. 2016), as in PyTorch:
 *
 *   q_k = c_k·((1−ε)·[k = target] + ε/classes)      Σ w·(−Σ q_k log softmax(logits)_k) / Σ w·c_target      0 where all weights are 0
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the shapes don't fit, `UNROLLED_INDEX` or `UNROLLED_DTYPE` for a target that is no class,
 * `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function softmaxCrossEntropy(logits: Operand, targets: Tensor, options: SoftmaxCrossEntropyOptions = {}): Tensor {
  return inScope((scope) => {
    const a = scope.use(logits);
    const terms = termsOf(scope, "softmaxCrossEntropy", a, targets, a.shape.at(-1) ?? 0, options);
    const slopes = scope.empty(a.shape);
    const losses = scope.empty([terms.rows]);
    scope.engine.kernels.copyRows(1, a.size, a.address, a.size, slopes.address, a.size);
    writeCrossEntropy(scope, terms, 0, terms.rows, slopes.address, losses.address);
    const loss = totalOf(scope, losses, terms.scale);
    // dlogits = dloss w (softmax Σq − q) / Σ w·c_target
    return scope.derive(loss, [a], (dLoss) => scope.giveGradient(a, slopes.address, scope.engine.readNumber(dLoss)));
  });
}

/** −log softmax(logits)[target] for each row, without a derivative. `logits: [rows, classes]`, `targets: [rows]` → `[rows]`. */
export function crossEntropyRows(scope: Scope, logits: Tensor, targets: Tensor): Tensor {
  const terms = termsOf(scope, "crossEntropyRows", logits, targets, logits.shape.at(-1) ?? 0, {});
  const losses = scope.empty([terms.rows]);
  scope.scratch(logits.size, (copy) => {
    scope.engine.kernels.copyRows(1, logits.size, logits.address, logits.size, copy, logits.size);
    writeCrossEntropy(scope, terms, 0, terms.rows, copy, losses.address);
  });
  return losses;
}

/** What the mean divides by: Σ w·c_target. */
export function crossEntropyWeight(targets: Tensor, { weights, classWeights }: SoftmaxCrossEntropyOptions): number {
  return inScope((scope) => {
    const ids = scope.useIndices(targets).address;
    const ofClasses = classWeights === undefined ? 0 : scope.use(classWeights).address;
    return scope.engine.kernels.crossEntropyWeight(targets.size, ids, ofClasses, weights ? scope.use(weights).address : 0);
  });
}

/**
 * The same for logits = x Wᵀ + b, by chunks of rows, so that a large vocabulary never holds all logits at once. Where gradients are
 * wanted they are computed along with the loss, chunk by chunk, and scaled on the way back.
 *
 * `x: […, inputs]`, `weight: [classes, inputs]`, `bias: [classes]`, `targets: […]` → `[]`.
 *
 * @throws {UnrolledError} as `softmaxCrossEntropy`.
 */
export function linearCrossEntropy(
  x: Operand,
  weight: Operand,
  bias: Operand,
  targets: Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): Tensor {
  return inScope((scope) => {
    const { kernels, arena } = scope.engine;
    const [a, w, b] = [scope.use(x), scope.use(weight), scope.use(bias)];
    const { inputs, units: classes } = linearSizes("linearCrossEntropy", a, w, b);
    const terms = termsOf(scope, "linearCrossEntropy", a, targets, classes, options);
    const { rows } = terms;
    const losses = scope.empty([rows]);
    const wanted = scope.wants([a, w, b]);
    const [da, dw, db] = [a, w, b].map((input) => scope.zeros(wanted && input.tracked ? input.shape : [0])) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const mark = arena.mark();
    const logits = arena.allocate(Math.min(rows, CHUNK_ROWS) * classes);
    for (let first = 0; first < rows; first += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - first);
      const chunk = a.address + first * inputs;
      writeLinear(scope, count, chunk, w, b, logits);
      writeCrossEntropy(scope, terms, first, count, logits, losses.address);
      if (da.size) {
        const target = da.address + first * inputs;
        kernels.multiplyPacked(count, inputs, classes, logits, classes, packed(scope, w, false), target, inputs, target, inputs);
      }
      if (dw.size) addWeightGradient(scope, count, [classes, inputs], logits, chunk, dw.address);
      if (db.size) kernels.sumRows(count, classes, logits, classes, db.address);
    }
    arena.release(mark);
    const loss = totalOf(scope, losses, terms.scale);
    return scope.derive(loss, [a, w, b], (dLoss) => {
      const factor = scope.engine.readNumber(dLoss);
      scope.giveGradient(a, da.address, factor);
      scope.giveGradient(w, dw.address, factor);
      scope.giveGradient(b, db.address, factor);
    });
  });
}

/** What decides the loss besides the logits, in the engine's memory; addresses are 0 where every weight is 1. */
interface Terms {
  readonly rows: number;
  readonly classes: number;
  readonly targets: Address;
  readonly weights: Address;
  readonly classWeights: Address;
  readonly labelSmoothing: number;
  /** 1 / Σ w·c_target */
  readonly scale: number;
}

function termsOf(
  scope: Scope,
  op: string,
  x: Tensor,
  targets: Tensor,
  classes: number,
  options: SoftmaxCrossEntropyOptions,
): Terms {
  checkKnown(op, options, ["weights", "classWeights", "labelSmoothing"]);
  const { weights, classWeights, labelSmoothing = 0 } = options;
  const rows = checkTargets(op, x, targets, classes, weights);
  const ofClasses = classWeights === undefined ? undefined : scope.use(classWeights);
  if (ofClasses && !sameShape(ofClasses.shape, [classes])) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`classWeights\` must be ${formatShape([classes])}, one a class, received ${formatShape(ofClasses.shape)}.`,
    );
  }
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new UnrolledError("UNROLLED_VALUE", `${op}: \`labelSmoothing\` must be from 0 to below 1, received ${labelSmoothing}.`);
  }
  const terms = {
    rows,
    classes,
    targets: scope.useIndices(targets).address,
    weights: weights ? scope.use(weights).address : 0,
    classWeights: ofClasses?.address ?? 0,
    labelSmoothing,
  };
  const isWeighted = weights !== undefined || ofClasses !== undefined;
  const total = isWeighted
    ? scope.engine.kernels.crossEntropyWeight(rows, terms.targets, terms.classWeights, terms.weights)
    : rows;
  return { ...terms, scale: total === 0 ? 0 : 1 / total };
}

/** Turns the logits of `count` rows from `first` on into their gradient, and writes their losses; `losses` begins at row 0. */
function writeCrossEntropy(scope: Scope, terms: Terms, first: number, count: number, logits: Address, losses: Address): void {
  const { classes, scale, labelSmoothing, targets, classWeights, weights } = terms;
  const ofRows = weights === 0 ? 0 : weights + first;
  const { kernels } = scope.engine;
  kernels.softmaxCrossEntropy(
    count,
    classes,
    scale,
    labelSmoothing,
    logits,
    targets + first,
    classWeights,
    ofRows,
    losses + first,
  );
}

function totalOf(scope: Scope, losses: Tensor, factor: number): Tensor {
  const { engine } = scope;
  const loss = scope.empty([]);
  engine.kernels.fill(1, engine.kernels.sum(losses.size, losses.address) * factor, loss.address);
  return loss;
}

function checkTargets(op: string, x: Tensor, targets: Tensor, classes: number, weights: Tensor | undefined): number {
  const leading = x.shape.slice(0, -1);
  if (classes === 0 || targets.size === 0 || !sameShape(targets.shape, leading)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`targets\` must be ${formatShape(leading)}, one class a row, received ${formatShape(targets.shape)}.`,
    );
  }
  if (weights && !sameShape(weights.shape, leading)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`weights\` must be ${formatShape(leading)}, one a row, received ${formatShape(weights.shape)}.`,
    );
  }
  // resident indices were checked where they came in
  if (!targets.residence || targets.dtype !== "int32") {
    const { data } = targets;
    const weighed = weights ? data.map((target, row) => (weights.data[row] === 0 ? 0 : target)) : data;
    checkIndices(`${op}: targets`, weighed, classes);
  }
  return targets.size;
}
