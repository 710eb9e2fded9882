import { UnrolledError } from "../errors.js";
import type { TensorData } from "./tensor.js";

/** Whether an array's buffer was transferred elsewhere. Such an array reads as empty, so that only the buffer itself tells. */
export function isDetached(data: TensorData): boolean {
  if (data.length > 0) return false;
  try {
    new Uint8Array(data.buffer);
    return false;
  } catch {
    return true;
  }
}

export function detachedError(): UnrolledError {
  return new UnrolledError("UNROLLED_DTYPE", "tensor: the array's buffer is detached; copy it before it is transferred.");
}
