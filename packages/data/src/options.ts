import { UnrolledError } from "unrolled";

/**
 * An option that is not known, or means nothing for this kind of file, is an error, never ignored.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` naming the options that there are.
 */
export function checkKnown(where: string, options: object, known: readonly string[]): void {
  const unknown = Object.entries(options).filter(([name, value]) => value !== undefined && !known.includes(name));
  if (unknown.length === 0) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: there is no option ${unknown.map(([name]) => `\`${name}\``).join(", ")}; the options are ${known.join(", ")}.`,
  );
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for what is no whole number of at least 1. */
export function checkCount(where: string, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UnrolledError("UNROLLED_VALUE", `${where}: \`${name}\` must be a whole number of at least 1, received ${value}.`);
}
