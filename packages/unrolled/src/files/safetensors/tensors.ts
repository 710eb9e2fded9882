import { UnrolledError } from "../../errors.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { StoredTensor } from "./dtype.js";

/** Tensors as a safetensors file holds them, each in its own precision. */
export function toStored(tensors: ReadonlyMap<string, Tensor>): Map<string, StoredTensor> {
  const stored = Array.from(tensors, ([name, { data, shape }]): [string, StoredTensor] => {
    if (data instanceof Float64Array) return [name, { dtype: "F64", shape, data }];
    if (data instanceof Int32Array) return [name, { dtype: "I32", shape, data }];
    return [name, { dtype: "F32", shape, data }];
  });
  return new Map(stored);
}

/**
 * What a safetensors file holds, as tensors of floating-point numbers.
 *
 * @param source what was read, in the words of an error message
 * @throws {UnrolledError} `UNROLLED_FILE` where one holds anything else.
 */
export function fromStored(stored: ReadonlyMap<string, StoredTensor>, source: string): Map<string, Tensor> {
  const tensors = Array.from(stored, ([name, { dtype, data, shape }]): [string, Tensor] => {
    if (data instanceof Float32Array || data instanceof Float64Array) return [name, tensor(data, shape)];
    throw new UnrolledError("UNROLLED_FILE", `${source}: \`${name}\` must hold floating-point numbers, received ${dtype}.`);
  });
  return new Map(tensors);
}
