import { described } from "./described.js";
import { UnrolledError } from "./errors.js";

/** @throws {UnrolledError} `UNROLLED_VALUE` where options are missing or are no record of options. */
export function checkGiven(where: string, options: object): void {
  if (typeof options === "object" && options !== null) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: expected a record of options, received ${options === null ? "null" : typeof options}.`,
  );
}

/**
 * An option that is not known is an error, never ignored.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` naming the options that there are.
 */
export function checkKnown(where: string, options: object, known: readonly string[]): void {
  checkGiven(where, options);
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: there is no option ${unknown.map((name) => `\`${name}\``).join(", ")}; the options are ${known.join(", ")}.`,
  );
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where one of these options is given and no function. */
export function checkFunctions<O extends object>(where: string, options: O, names: readonly (keyof O & string)[]): void {
  for (const name of names) {
    const value = options[name];
    if (value === undefined || typeof value === "function") continue;
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`${name}\` must be a function, received ${described(value)}.`);
  }
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where a signal is given and is none. */
export function checkSignal(where: string, signal: AbortSignal | undefined): void {
  if (signal === undefined || (typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function")) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`signal\` must be an AbortSignal such as new AbortController().signal, received ${described(signal)}.`,
  );
}
