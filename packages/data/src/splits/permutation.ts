import { mixed } from "./hash.js";

const ROUNDS = 6;

/**
 * Where the index goes in a shuffle of 0 … count − 1 that the key alone decides, without a list of them: a Feistel network over the next even
 * number of bits, walked until it lands inside (Black & Rogaway 2002, cycle walking; fewer than four steps on average).
 */
export function permuted(index: number, count: number, key: number): number {
  let half = 1;
  while (4 ** half < count) half += 1;
  const size = 2 ** half;
  let place = index;
  do {
    let left = Math.floor(place / size);
    let right = place % size;
    for (let round = 0; round < ROUNDS; round += 1) {
      const next = left ^ (mixed(right, key ^ Math.imul(round + 1, 0x9e3779b1)) & (size - 1));
      left = right;
      right = next;
    }
    place = left * size + right;
  } while (place >= count);
  return place;
}
