import { setFlagsFromString } from "node:v8";

/** A module of one function, `(v128, v128, v128) → v128`, that is a single `f32x4.relaxed_madd`. */
const RELAXED_MULTIPLY_ADD = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // "\0asm", version 1
  ...[0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b], // types: (v128, v128, v128) → v128
  ...[0x03, 0x02, 0x01, 0x00], // functions: one, of type 0
  ...[0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b], // code: the three, relaxed_madd, end
]);

/** Whether this process can compile relaxed SIMD as it is now. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_MULTIPLY_ADD);
}

/**
 * Lets the engine use fused multiply-add on Node 20, whose V8 has it behind a flag. Later versions have it without, and print an
 * error for the flag's name. To be called before any Wasm is compiled.
 */
export function enableRelaxedSimd(): void {
  if (process.versions.node.startsWith("20.") && !hasRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");
}
