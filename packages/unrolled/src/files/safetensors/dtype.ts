/** The array that holds a stored tensor's numbers, for each type of the format. F16 and BF16 are widened to float32. */
interface StoredArrays extends Readonly<Record<StoredDtype, ArrayLike<number> | ArrayLike<bigint>>> {
  readonly BOOL: Uint8Array;
  readonly U8: Uint8Array;
  readonly I8: Int8Array;
  readonly I16: Int16Array;
  readonly U16: Uint16Array;
  readonly F16: Float32Array;
  readonly BF16: Float32Array;
  readonly I32: Int32Array;
  readonly U32: Uint32Array;
  readonly F32: Float32Array;
  readonly F64: Float64Array;
  readonly I64: BigInt64Array;
  readonly U64: BigUint64Array;
}

/** The name of a number type, as safetensors files spell it. */
export type StoredDtype = "BOOL" | "U8" | "I8" | "I16" | "U16" | "F16" | "BF16" | "I32" | "U32" | "F32" | "F64" | "I64" | "U64";

/** A tensor as a file holds it: its type there, its shape, and its numbers, row-major. `[]` is the shape of a single number. */
export type StoredTensor = {
  readonly [Dtype in StoredDtype]: {
    /** Its type in the file. */
    readonly dtype: Dtype;
    /** Lengths of its axes. */
    readonly shape: readonly number[];
    /** Its numbers, row-major. */
    readonly data: StoredArrays[Dtype];
  };
}[StoredDtype];

interface NumberType {
  /** Bytes a number takes in the file. */
  readonly bytes: number;
  /** The name of the array that holds such numbers here. */
  readonly array: string;
}

/** The types that are read and written, in the order of alignment by which the reference implementation lays tensors out. */
export const numberTypes: Readonly<Record<StoredDtype, NumberType>> = {
  BOOL: { bytes: 1, array: "Uint8Array" },
  U8: { bytes: 1, array: "Uint8Array" },
  I8: { bytes: 1, array: "Int8Array" },
  I16: { bytes: 2, array: "Int16Array" },
  U16: { bytes: 2, array: "Uint16Array" },
  F16: { bytes: 2, array: "Float32Array" },
  BF16: { bytes: 2, array: "Float32Array" },
  I32: { bytes: 4, array: "Int32Array" },
  U32: { bytes: 4, array: "Uint32Array" },
  F32: { bytes: 4, array: "Float32Array" },
  F64: { bytes: 8, array: "Float64Array" },
  I64: { bytes: 8, array: "BigInt64Array" },
  U64: { bytes: 8, array: "BigUint64Array" },
};

export const storedDtypes = Object.keys(numberTypes) as readonly StoredDtype[];

/** The number of elements, or undefined when it is beyond what float64 counts exactly. */
export function elementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const dimension of shape) {
    count *= dimension;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}
