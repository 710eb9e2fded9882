import { UnrolledError } from "../errors.js";
import { formatShape, type Shape, sizeOf } from "./shape.js";
import { type NestedNumbers, Tensor, type TensorData } from "./tensor.js";

/**
 * A tensor from nested arrays, or from a typed array and a shape (default: one axis). Float32Array, Float64Array and Int32Array
 * are taken over without a copy; plain numbers become float32.
 *
 * @example tensor([[1, 2], [3, 4]]).shape                          // [2, 2]
 * @example tensor(new Float32Array(6), [2, 3]).shape               // [2, 3]
 * @throws {UnrolledError} `UNROLLED_SHAPE` for ragged arrays or a shape of another size, `UNROLLED_DTYPE` for what is no number.
 */
export function tensor(values: NestedNumbers | TensorData, shape?: Shape): Tensor {
  const typed = isTensorData(values) ? values : undefined;
  const natural = typed ? [typed.length] : shapeOfNested(values as NestedNumbers);
  if (shape !== undefined && (!shape.every(isLength) || sizeOf(shape) !== sizeOf(natural))) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `tensor: shape ${formatShape(shape)} must hold as many numbers as there are, received ${sizeOf(natural)}.`,
    );
  }
  if (typed) {
    if (typed.byteLength === 0 && sizeOf(natural) > 0) throw detached();
    return Tensor.owning(typed, shape ?? natural);
  }
  const data = new Float32Array(sizeOf(natural));
  flatten(values as NestedNumbers, natural, 0, data, 0);
  return Tensor.owning(data, shape ?? natural);
}

function isTensorData(values: unknown): values is TensorData {
  return values instanceof Float32Array || values instanceof Float64Array || values instanceof Int32Array;
}

function isLength(length: number): boolean {
  return Number.isSafeInteger(length) && length >= 0;
}

function detached(): UnrolledError {
  return new UnrolledError("UNROLLED_DTYPE", "tensor: the array's buffer is detached; copy it before it is transferred.");
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
      const received = Array.isArray(values) ? `an array of ${values.length}` : String(values);
      throw new UnrolledError(
        Array.isArray(values) ? "UNROLLED_SHAPE" : "UNROLLED_DTYPE",
        `tensor: expected a number ${level} levels deep, received ${received}.`,
      );
    }
    target[offset] = values;
    return offset + 1;
  }
  if (!Array.isArray(values) || values.length !== length) {
    const received = Array.isArray(values) ? `one of ${values.length}` : String(values);
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `tensor: all arrays of axis ${level} must have ${length} entries like the first, received ${received}.`,
    );
  }
  let next = offset;
  for (const value of values) next = flatten(value, shape, level + 1, target, next);
  return next;
}
