const MULTIPLIER_A = 0xd2511f53;
const MULTIPLIER_B = 0xcd9e8d57;
const WEYL_A = 0x9e3779b9;
const WEYL_B = 0xbb67ae85;

/** Four random words of 32 bits. */
export type Block = [number, number, number, number];

/**
 * Philox 4x32-10, a random generator whose n-th block is a function of n and a key alone (Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"). Words are unsigned 32-bit integers.
 */
export function philox(counter: readonly [number, number, number, number], key: readonly [number, number]): Block {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const next0 = highProduct(MULTIPLIER_B, c2) ^ c1 ^ k0;
    const next2 = highProduct(MULTIPLIER_A, c0) ^ c3 ^ k1;
    c1 = Math.imul(MULTIPLIER_B, c2);
    c3 = Math.imul(MULTIPLIER_A, c0);
    c0 = next0;
    c2 = next2;
    k0 = (k0 + WEYL_A) | 0;
    k1 = (k1 + WEYL_B) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** The upper 32 bits of the 64-bit product, by halves of 16 bits. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
}
