import { referenceEngine } from "../engine/reference-engine.js";
import { UnrolledError } from "../errors.js";
import { checkKnown } from "../options.js";
import type { Tensor } from "../tensor/tensor.js";
import { scalar, type Variable } from "./gradients.js";
import { type Scope, withScope } from "./scope.js";

/** How closely `checkGradients` looks. */
export interface CheckGradientsOptions {
  /** Half the distance of the two points of a difference. Default: 1e-5. */
  step?: number;
  /** How many entries of each variable are tried, spread evenly. Default: 50. */
  entries?: number;
}

/** The entry at which a gradient and its finite difference are furthest apart. */
export interface GradientCheck {
  /** |gradient − difference| / max(1, |gradient|, |difference|), the largest over all entries tried. */
  largestError: number;
  /** Index into `variables`, index into that variable's numbers, and the two values. */
  worst: { variable: number; entry: number; gradient: number; difference: number };
}

/**
 * Compares gradients with central finite differences, both in float64 on the reference engine, whatever engine the parameters are on.
 * Random draws (dropout) repeat in every evaluation. A right derivative gives a `largestError` near 1e-9; above 1e-5 look at `worst`.
 *
 * @param variables parameters, or tensors that `loss` closes over, as in `valueAndGradients`; frozen parameters are passed over
 * @param loss a synchronous function that returns one number
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 *
 * @example expect(checkGradients(layer.parameters, () => sum(layer.apply(x).output)).largestError).toBeLessThan(1e-6);
 */
export function checkGradients(
  variables: readonly Variable[],
  loss: () => Tensor,
  options: CheckGradientsOptions = {},
): GradientCheck {
  checkKnown("checkGradients", options, ["step", "entries"]);
  const { step = 1e-5, entries = 50 } = options;
  if (!(step > 0 && Number.isFinite(step))) throw outOfRange("step", "a finite number above 0", step);
  if (!(Number.isSafeInteger(entries) && entries >= 1)) throw outOfRange("entries", "a whole number of at least 1", entries);
  const engine = referenceEngine("float64");
  const values = variables.map((variable) => Float64Array.from(("read" in variable ? variable.read() : variable).data));

  const run = <R>(read: (scope: Scope, residents: Tensor[], loss: Tensor) => R): R =>
    withScope(engine, { recording: true }, (scope) => {
      const residents = variables.map((variable, index) => scope.track(variable, values[index]));
      try {
        return read(scope, residents, scope.use(scalar(loss())));
      } finally {
        scope.undoDraws();
      }
    });
  const lossNow = () => run((_scope, _residents, result) => result.item());

  const gradients = run((scope, residents, result) => {
    scope.backward(result);
    return residents.map((resident) => (resident.tracked ? engine.read(scope.gradientOf(resident), resident.size) : undefined));
  });

  const check: GradientCheck = { largestError: 0, worst: { variable: 0, entry: 0, gradient: 0, difference: 0 } };
  for (const [variable, numbers] of values.entries()) {
    const gradient = gradients[variable];
    if (!gradient) continue;
    const stride = Math.max(1, Math.floor(numbers.length / entries));
    for (let entry = 0; entry < numbers.length; entry += stride) {
      const value = numbers[entry] as number;
      numbers[entry] = value + step;
      const above = lossNow();
      numbers[entry] = value - step;
      const below = lossNow();
      numbers[entry] = value;
      const difference = (above - below) / (2 * step);
      const slope = gradient[entry] as number;
      const error = Math.abs(slope - difference) / Math.max(1, Math.abs(slope), Math.abs(difference));
      // a NaN is as wrong as can be, and must not be overtaken
      const largestError = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
      if (largestError > check.largestError) {
        Object.assign(check, { largestError, worst: { variable, entry, gradient: slope, difference } });
      }
    }
  }
  return check;
}

function outOfRange(name: string, expected: string, received: number): UnrolledError {
  return new UnrolledError("UNROLLED_VALUE", `checkGradients: \`${name}\` must be ${expected}, received ${received}.`);
}
