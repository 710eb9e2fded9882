import { UnrolledError } from "../../errors.js";
import type { Failure } from "./protocol.js";

/** An error as a message: a clone of it would lose its class and code. */
export function failureOf(error: unknown): Failure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { ...(error instanceof UnrolledError ? { code: error.code } : {}), name, message, stack };
}

/** The error again; its `cause` says where it came about. */
export function errorOf({ code, name, message, stack }: Failure): Error {
  const options = { cause: stack };
  return code ? new UnrolledError(code, message, options) : Object.assign(new Error(message, options), { name });
}
