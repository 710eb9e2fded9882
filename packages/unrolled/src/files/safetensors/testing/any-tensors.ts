import fc from "fast-check";
import { type StoredTensor, storedDtypes } from "../dtype.js";

/** Tensors with any names, types, shapes (rank 0 and zero dimensions too) and numbers (NaN, -0 and infinity too). */
export function anyTensors(): fc.Arbitrary<Map<string, StoredTensor>> {
  const name = fc.oneof(
    fc.constantFrom("__proto__", "constructor", "toString", "", "1", "10", "lstm.weight_ih_l0"),
    fc.string({ unit: "binary" }).filter((text) => text !== "__metadata__"),
  );
  return fc.array(fc.tuple(name, anyTensor()), { maxLength: 8 }).map((entries) => new Map(entries));
}

function anyTensor(): fc.Arbitrary<StoredTensor> {
  const dtype = fc.constantFrom(...storedDtypes);
  const shape = fc.array(fc.nat(4), { maxLength: 3 });
  return fc.tuple(dtype, shape, fc.infiniteStream(fc.double())).map(([type, dimensions, numbers]) => {
    const count = dimensions.reduce((product, dimension) => product * dimension, 1);
    return makeTensor(type, dimensions, [...numbers.take(count)]);
  });
}

function makeTensor(dtype: StoredTensor["dtype"], shape: number[], numbers: number[]): StoredTensor {
  const bits = new BigUint64Array(Float64Array.from(numbers).buffer);
  const words = Uint32Array.from(bits, (each) => Number(BigInt.asUintN(32, each ^ (each >> 32n))));
  switch (dtype) {
    case "BOOL":
      return { dtype, shape, data: Uint8Array.from(words, (word) => word & 1) };
    case "U8":
      return { dtype, shape, data: Uint8Array.from(words) };
    case "I8":
      return { dtype, shape, data: Int8Array.from(words) };
    case "I16":
      return { dtype, shape, data: Int16Array.from(words) };
    case "U16":
      return { dtype, shape, data: Uint16Array.from(words) };
    // Numbers that the 16-bit types hold exactly; their rounding has tests of its own.
    case "F16":
    case "BF16":
      return { dtype, shape, data: Float32Array.from(words, (word) => (word & 0xff) / 16 - 8) };
    case "I32":
      return { dtype, shape, data: Int32Array.from(words) };
    case "U32":
      return { dtype, shape, data: words };
    case "F32":
      return { dtype, shape, data: Float32Array.from(numbers) };
    case "F64":
      return { dtype, shape, data: Float64Array.from(numbers) };
    case "I64":
      return { dtype, shape, data: new BigInt64Array(bits.buffer) };
    case "U64":
      return { dtype, shape, data: bits };
  }
}
