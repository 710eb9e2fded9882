/*
 * The two 16-bit floats of model files and float32. Widening is exact; narrowing rounds to the nearest, ties to even (IEEE 754).
 * half:     1 sign, 5 exponent, 10 fraction bits
 * bfloat16: 1 sign, 8 exponent, 7 fraction bits: the upper half of a float32
 */

const signBit = 0x8000;
const quietNaN = 0x7e00;
const infinity = 0x7c00;

/** IEEE 754 half precision, as bits, to float32. */
export function widenHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (const [index, half] of halves.entries()) {
    const sign = (half & signBit) << 16;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) values[index] = (sign === 0 ? fraction : -fraction) * 2 ** -24;
    else bits[index] = sign | ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (fraction << 13);
  }
  return values;
}

/** Float32 to IEEE 754 half precision, as bits. What is too large becomes infinity. */
export function narrowToHalf(values: Float32Array): Uint16Array {
  return narrow(values, (magnitude) => {
    if (magnitude > 0x7f800000) return quietNaN | ((magnitude >>> 13) & 0x1ff);
    if (magnitude >= 0x47800000) return infinity; // 2^16 and more
    if (magnitude >= 0x38800000) return roundShift(magnitude - (112 << 23), 13); // 2^-14 and more: a normal half
    const shift = 126 - (magnitude >>> 23); // a subnormal half counts in units of 2^-24
    return shift > 24 ? 0 : roundShift((magnitude & 0x7fffff) | 0x800000, shift);
  });
}

/** Bfloat16, as bits, to float32. */
export function widenBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** Float32 to bfloat16, as bits. */
export function narrowToBfloat16(values: Float32Array): Uint16Array {
  return narrow(values, (magnitude) => (magnitude > 0x7f800000 ? (magnitude >>> 16) | 0x40 : roundShift(magnitude, 16)));
}

/** Converts each value's magnitude, given as float32 bits, and puts its sign back. */
function narrow(values: Float32Array, convert: (magnitude: number) => number): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (each) => ((each >>> 16) & signBit) | convert(each & 0x7fffffff));
}

/** `value / 2^shift`, rounded to nearest, ties to even. */
function roundShift(value: number, shift: number): number {
  return (value + (1 << (shift - 1)) - 1 + ((value >>> shift) & 1)) >>> shift;
}
