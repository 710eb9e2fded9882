import { describe, expect, it } from "vitest";
import { philox } from "./philox-reference.js";

const ONES = 0xffffffff;

describe("philox", () => {
  // Random123's kat_vectors for philox 4x32 with 10 rounds.
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    { counter: [ONES, ONES, ONES, ONES], key: [ONES, ONES], block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd] },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const)("philox: block $counter under key $key is Random123's", ({ counter, key, block }) => {
    expect(philox(counter, key)).toEqual(block);
  });

  it("philox: words given as negative 32-bit numbers are the same words", () => {
    expect(philox([-1, -1, -1, -1], [-1, -1])).toEqual(philox([ONES, ONES, ONES, ONES], [ONES, ONES]));
  });
});
