import { UnrolledError } from "../errors.js";

/** @throws {UnrolledError} `UNROLLED_VALUE` where an option is neither true nor false. */
export function checkBoolean(where: string, name: string, value: boolean): boolean {
  if (typeof value === "boolean") return value;
  throw new UnrolledError("UNROLLED_VALUE", `${where}: \`${name}\` must be true or false, received ${JSON.stringify(value)}.`);
}
