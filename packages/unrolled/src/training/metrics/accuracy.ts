import { inScope, type Scope } from "../../autograd/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Metric } from "./metric.js";

/** The part of rows, from 0 to 1, whose largest output, the first of several, is the target's. For `crossEntropy`. */
export function accuracy(): Metric {
  return {
    name: "accuracy",
    targets: "indices",
    better: "higher",
    rows: (output, targets) =>
      inScope((scope) => {
        const { x, rows, columns, y } = sides(scope, output);
        scope.engine.kernels.classAccuracy(rows, columns, x.address, scope.useIndices(targets).address, y.address);
        return y;
      }),
  };
}

/** The part of yes-or-no targets, from 0 to 1, whose logit is above 0 where the target is above 1/2. For `binaryCrossEntropy`. */
export function binaryAccuracy(): Metric {
  return {
    name: "accuracy",
    targets: "numbers",
    better: "higher",
    rows: (output, targets) =>
      inScope((scope) => {
        const { x, rows, columns, y } = sides(scope, output);
        scope.engine.kernels.signAccuracy(rows, columns, x.address, scope.use(targets).address, y.address);
        return y;
      }),
  };
}

function sides(scope: Scope, output: Tensor): { x: Tensor; rows: number; columns: number; y: Tensor } {
  const [rows, columns] = output.shape as [number, number];
  return { x: scope.use(output), rows, columns, y: scope.empty([rows]) };
}
