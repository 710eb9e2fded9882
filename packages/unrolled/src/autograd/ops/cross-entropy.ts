import { UnrolledError } from "../../errors.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";
import { checkIndices } from "./gather.js";
import { linearSizes, writeLinear } from "./linear.js";
import { addWeightGradient, packed } from "./packed.js";

/** Rows whose logits exist at a time. */
const CHUNK_ROWS = 512;

/**
 * Mean of −log softmax(logits)[target], in nats. `logits: […, classes]`, `targets: […]`, whole numbers → `[]`.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the shapes don't fit, `UNROLLED_INDEX` or `UNROLLED_DTYPE` for a target that is no class.
 */
export function softmaxCrossEntropy(logits: Operand, targets: Tensor): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(logits);
    const classes = a.shape.at(-1) ?? 0;
    const rows = checkTargets("softmaxCrossEntropy", a, targets, classes);
    const ids = scope.useIndices(targets).address;
    const slopes = scope.empty(a.shape);
    const losses = scope.empty([rows]);
    kernels.copyRows(1, a.size, a.address, a.size, slopes.address, a.size);
    kernels.softmaxCrossEntropy(rows, classes, 1 / rows, slopes.address, ids, losses.address);
    const loss = meanOf(scope, losses);
    // dlogits = dloss (softmax − one-hot) / rows
    return scope.derive(loss, [a], (dLoss) =>
      kernels.addScaled(a.size, scope.engine.readNumber(dLoss), slopes.address, scope.gradientOf(a)),
    );
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
export function linearCrossEntropy(x: Operand, weight: Operand, bias: Operand, targets: Tensor): Tensor {
  return inScope((scope) => {
    const { kernels, arena } = scope.engine;
    const [a, w, b] = [scope.use(x), scope.use(weight), scope.use(bias)];
    const { inputs, units: classes } = linearSizes("linearCrossEntropy", a, w, b);
    const rows = checkTargets("linearCrossEntropy", a, targets, classes);
    const ids = scope.useIndices(targets).address;
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
      kernels.softmaxCrossEntropy(count, classes, 1 / rows, logits, ids + first, losses.address + first);
      if (da.size) {
        const target = da.address + first * inputs;
        kernels.multiplyPacked(count, inputs, classes, logits, classes, packed(scope, w, false), target, inputs);
      }
      if (dw.size) addWeightGradient(scope, count, [classes, inputs], logits, chunk, dw.address);
      if (db.size) kernels.sumRows(count, classes, logits, db.address);
    }
    arena.release(mark);
    const loss = meanOf(scope, losses);
    return scope.derive(loss, [a, w, b], (dLoss) => {
      const factor = scope.engine.readNumber(dLoss);
      for (const [input, slope] of [
        [a, da],
        [w, dw],
        [b, db],
      ] as const) {
        if (input.tracked) kernels.addScaled(input.size, factor, slope.address, scope.gradientOf(input));
      }
    });
  });
}

function meanOf(scope: Scope, losses: Tensor): Tensor {
  const { engine } = scope;
  const loss = scope.empty([]);
  engine.kernels.fill(1, engine.kernels.sum(losses.size, losses.address) / losses.size, loss.address);
  return loss;
}

function checkTargets(op: string, x: Tensor, targets: Tensor, classes: number): number {
  const leading = x.shape.slice(0, -1);
  if (classes === 0 || targets.size === 0 || !sameShape(targets.shape, leading)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: \`targets\` must be ${formatShape(leading)}, one class a row, received ${formatShape(targets.shape)}.`,
    );
  }
  // resident indices were checked where they came in
  if (!targets.residence || targets.dtype !== "int32") checkIndices(`${op}: targets`, targets.data, classes);
  return targets.size;
}
