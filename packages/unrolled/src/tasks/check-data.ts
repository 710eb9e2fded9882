import type { Data } from "../data/data.js";
import { UnrolledError } from "../errors.js";

/** @throws {UnrolledError} `UNROLLED_DATA` where data is neither an array nor a function. @param form of an example, in words */
export function checkData(where: string, data: Data<unknown>, form: string): void {
  if (Array.isArray(data) || typeof data === "function") return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: the examples must be an array of ${form}, or a function that gives them, received ${typeof data}.`,
  );
}
