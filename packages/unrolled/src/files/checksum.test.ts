import fc from "fast-check";
import { expect, it } from "vitest";
import { checksum } from "./checksum.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);

it("checksum is CRC-32: 123456789 gives cbf43926", () => {
  expect(checksum([bytesOf("123456789")])).toBe("cbf43926");
});

it("checksum is the same however the bytes are cut into parts", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(checksum([a, b])).toBe(checksum([Uint8Array.from([...a, ...b])]));
    }),
  );
});

it("checksum finds every flipped bit", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, position) => {
      const flipped = Uint8Array.from(bytes);
      const bit = position % (8 * bytes.length);
      (flipped[bit >> 3] as number) ^= 1 << (bit & 7);
      expect(checksum([flipped])).not.toBe(checksum([bytes]));
    }),
  );
});
