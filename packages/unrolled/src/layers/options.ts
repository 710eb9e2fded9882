import { UnrolledError } from "../errors.js";

export { checkFunctions, checkGiven, checkKnown, checkSignal } from "../options.js";

/** @throws {UnrolledError} `UNROLLED_VALUE` where an option is no whole number of at least `least`. */
export function checkCount(where: string, name: string, value: number, least = 1): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`${name}\` must be a whole number of at least ${least}, received ${value}.`,
  );
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where an option is no rate from 0 to below 1. */
export function checkRate(where: string, name: string, value: number): number {
  if (value >= 0 && value < 1) return value;
  throw new UnrolledError("UNROLLED_VALUE", `${where}: \`${name}\` must be from 0 to below 1, received ${value}.`);
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where an option is no finite number above 0. */
export function checkPositive(where: string, name: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UnrolledError("UNROLLED_VALUE", `${where}: \`${name}\` must be a finite number above 0, received ${value}.`);
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where an option is none of the known words. */
export function checkChoice<C extends string>(where: string, name: string, value: string, choices: readonly C[]): C {
  const known = choices.find((choice) => choice === value);
  if (known !== undefined) return known;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`${name}\` must be one of ${choices.join(", ")}, received ${JSON.stringify(value)}.`,
  );
}
