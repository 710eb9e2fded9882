import { philox } from "./philox-reference.js";

/** 1 / (1 − rate) or 0 for element n, drawn under a key (k0, k1) and a draw (c1, c2). A word's upper 24 bits are a uniform number in [0, 1). */
export function dropoutFactor(n: number, rate: number, k0: number, k1: number, c1: number, c2: number): number {
  const word = philox([n >>> 2, c1, c2, 0], [k0, k1])[n & 3] as number;
  return (word >>> 8) * 2 ** -24 >= Math.fround(rate) ? 1 / (1 - rate) : 0;
}
