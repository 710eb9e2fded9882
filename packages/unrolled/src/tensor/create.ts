import { UnrolledError } from "../errors.js";
import { detachedError, isDetached } from "./detached.js";
import { formatShape, isLength, type Shape, sizeOf } from "./shape.js";
import { type NestedNumbers, Tensor, type TensorData } from "./tensor.js";
import { tooLargeError } from "./too-large.js";

/**
 * A tensor from nested arrays, or from a typed array and a shape (default: one axis). Float32Array, Float64Array and Int32Array
 * are taken over without a copy; plain numbers become float32.
 *
 * @example tensor([[1, 2], [3, 4]]).shape                          // [2, 2]
 * @example tensor(new Float32Array(6), [2, 3]).shape               // [2, 3]
 * @throws {UnrolledError} `UNROLLED_SHAPE` for ragged arrays or a shape of another size, `UNROLLED_DTYPE` for what is no number,
 * for a number too large for float32, and for an array whose buffer is detached.
 */
export function tensor(values: NestedNumbers | TensorData, shape?: Shape): Tensor {
  const typed = isTensorData(values) ? values : undefined;
  if (typed && isDetached(typed)) throw detachedError();
  const natural = typed ? [typed.length] : shapeOfNested(values as NestedNumbers);
  if (shape !== undefined && (!shape.every(isLength) || sizeOf(shape) !== sizeOf(natural))) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `tensor: shape ${formatShape(shape)} must hold as many numbers as there are, received ${sizeOf(natural)}.`,
    );
  }
  if (typed) return Tensor.owning(typed, shape ?? natural);
  const data = new Float32Array(sizeOf(natural));
  flatten(values as NestedNumbers, natural, 0, data, 0);
  return Tensor.owning(data, shape ?? natural);
}

function isTensorData(values: unknown): values is TensorData {
  return values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array;
}

function shapeOfNested(values: NestedNumbers): number[] {
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

function flatten(values: unknown, shape: Shape, level: number, target: Float32Array, offset: number): number {
  const length = shape[level];
  if (length === undefined) {
    if (typeof values !== "number") {
      throw new UnrolledError(
        Array.isArray(values) ? "UNROLLED_SHAPE" : "UNROLLED_DTYPE",
        `tensor: expected ${level === 0 ? "numbers, or arrays of them" : `a number ${level} levels deep`}, received ${describe(values)}.`,
      );
    }
    target[offset] = values;
    if (!Number.isFinite(target[offset]) && Number.isFinite(values)) throw tooLargeError(values, offset);
    return offset + 1;
  }
  if (!Array.isArray(values) || values.length !== length) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `tensor: all arrays of axis ${level} must have ${length} entries like the first, received ${describe(values)}` +
        `${Array.isArray(values) ? "; pad sequences to one length, and give their `lengths`" : ""}.`,
    );
  }
  let next = offset;
  for (const value of values) next = flatten(value, shape, level + 1, target, next);
  return next;
}

/** What a value is, in a few words however large it is. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  return typeof value === "string" ? "a string" : String(value);
}
