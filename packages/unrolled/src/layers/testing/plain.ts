import { Tensor } from "../../tensor/tensor.js";

/**
 * A result with every tensor in it as its shape and numbers. Two tensors themselves count as equal to Vitest as soon as their shapes
 * are, because it doesn't see what is private to them.
 */
export function plain(result: unknown): unknown {
  if (result instanceof Tensor) return { shape: result.shape, numbers: [...result.data] };
  if (Array.isArray(result)) return result.map(plain);
  if (result instanceof Map) return plain(Object.fromEntries(result));
  if (typeof result !== "object" || result === null || ArrayBuffer.isView(result)) return result;
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, plain(value)]));
}
