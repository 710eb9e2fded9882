import type { StoredTensor } from "./dtype.js";

/** The names of the tensors that hold NaN or infinity: weights of a training that went wrong, or of a damaged file. */
export function nonFiniteTensors(tensors: ReadonlyMap<string, StoredTensor>): string[] {
  return [...tensors].filter(([, tensor]) => !isFiniteTensor(tensor)).map(([name]) => name);
}

function isFiniteTensor({ data }: StoredTensor): boolean {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return true;
  return data.every((value) => value - value === 0);
}
