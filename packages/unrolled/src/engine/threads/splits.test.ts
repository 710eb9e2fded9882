import { describe, expect, it } from "vitest";
import { kernelBuilds } from "../../../kernels/testing/instantiate.js";
import type { Engine } from "../engine.js";
import { threadedEngine } from "../testing/threaded-engine.js";
import { wasmEngine } from "../wasm-engine.js";
import { splits } from "./splits.js";

/**
 * How each kernel is called: numbers as they are, `@` an address of floats, `#` one of indices (`#1,2` of these), `0` for an address that is
 * nowhere. Sizes are such that ranges have edges.
 */
const calls: Record<string, string[]> = {
  multiplyPacked: [
    "37 45 19 @ 19 @ @ 45 @ 45",
    "50 48 33 @ 40 @ @ 0 @ 64",
    "1 170 31 @ 31 @ @ 170 @ 170",
    "7 100 5 @ 5 @ @ 0 @ 100",
    "2 3 4 @ 4 @ @ 3 @ 3",
  ],
  multiplyTransposed: ["70 45 19 @ 70 @ 45 @ 45 @", "40 33 300 @ 41 @ 33 @ 64 @", "3 5 7 @ 3 @ 5 @ 5 @"],
  pack: ["19 45 @ 45 0 @", "19 45 @ 19 1 @", "33 100 @ 40 1 @", "33 100 @ 128 0 @"],
  sumRows: ["9 70 @ 70 @", "9 70 @ 80 @", "3 5 @ 5 @"],
  swapAxes: ["37 19 5 @ @ 185", "7 40 1 @ @ 9"],
  maxPool: ["37 3 3 #5,6,3,3,3,1,1,1,1,5,6 @ @ @", "11 1 5 #9,7,5,2,2,3,3,0,0,3,2 @ @ @"],
  maxPoolBackward: ["3 30 23 @ # @"],
  fill: ["1003 2.5 @"],
  scale: ["1003 2.5 @ @"],
  addScaled: ["1003 2.5 @ @"],
  multiplyAdd: ["1003 @ @ @"],
  add: ["1003 @ @ @"],
  subtract: ["1003 @ @ @"],
  multiply: ["1003 @ @ @"],
  divide: ["1003 @ @ @"],
  clamp: ["1003 0.3 @ @"],
  clampBackward: ["1003 0.3 @ @ @"],
  exp: ["1003 @ @"],
  log: ["1003 @ @"],
  tanh: ["1003 @ @"],
  sigmoid: ["1003 @ @"],
  softplus: ["1003 @ @"],
  relu: ["1003 @ @"],
  tanhBackward: ["1003 @ @ @"],
  sigmoidBackward: ["1003 @ @ @"],
  reluBackward: ["1003 @ @ @"],
  dropout: ["1003 0 0.4 1 2 3 4 @ @"],
  dropoutBackward: ["1003 8 0.4 4294967295 2 3 4 @ @"],
  sgd: ["1003 0.1 0.9 0 0.5 @ @ @", "1003 0.1 0.9 1 0.5 @ @ @"],
  adagrad: ["1003 0.1 1e-8 0.5 @ @ @"],
  rmsprop: ["1003 0.1 0.9 0.5 1e-8 0.5 @ @ @ @"],
  adam: ["1003 0.1 0.9 0.99 1.5 1e-8 1 0.5 @ @ @ @"],
  copyRows: ["37 19 @ 19 @ 25"],
  addRows: ["37 19 @ 30 @ 19"],
  repeatRow: ["37 19 @ @"],
  gatherRows: ["37 19 @ # @"],
  maskRows: ["37 19 @ @ @"],
  addDropout: ["37 19 0.4 1 2 3 4 # @ @"],
  addRowDropout: ["37 19 0.4 1 2 3 4 # @ @"],
  softmax: ["37 19 @ @"],
  logSoftmax: ["37 19 @ @"],
  softmaxBackward: ["37 19 @ @ @"],
  logSoftmaxBackward: ["37 19 @ @ @"],
  softmaxCrossEntropy: ["37 19 0.1 0.1 @ # @ @ @", "37 19 0.1 0 @ # 0 0 @"],
  layerNorm: ["37 19 1e-5 @ @ @ @ @ @"],
  layerNormBackward: ["37 19 @ @ @ @ @ @"],
};
const BLOCK = 13_000;
const ALL = 20 * BLOCK;
const VALUES = Float32Array.from({ length: ALL }, (_, i) => Math.abs(Math.sin(1 + i * 0.7)));

/** All of memory after a call, from the first block on. */
function memoryAfter(engine: Engine, name: string, call: string): Float32Array {
  const first = engine.allocator.allocate(ALL);
  engine.write(VALUES, first);
  let at = first;
  const args = call.split(" ").map((word) => {
    if (!/^[@#]/.test(word)) return Number(word);
    const address = at;
    at += BLOCK;
    const some = Int32Array.from({ length: 100 }, (_, i) => (i * 7) % 19);
    if (word.startsWith("#")) engine.memory.writeIndices(word === "#" ? some : word.slice(1).split(",").map(Number), address);
    return address;
  });
  Reflect.apply(engine.kernels[name as keyof typeof engine.kernels] as () => void, undefined, args);
  const after = engine.read(first, ALL) as Float32Array;
  engine.allocator.free(first);
  return after;
}

/** Whether a call leaves the same bits, but for scratch memory, of which each thread has its own. */
function sameBits(name: string, one: Float32Array, many: Float32Array): boolean {
  const length = name === "multiplyTransposed" ? 3 * BLOCK : one.length;
  const [a, b] = [one, many].map((values) => Buffer.from(values.buffer, 0, 4 * length)) as [Buffer, Buffer];
  return a.equals(b);
}

describe.each(kernelBuilds.map(({ name }) => name))("kernels divided among threads, %s", (build) => {
  it("every kernel that is divided has a call here", () => {
    expect(Object.keys(calls).sort()).toEqual(Object.keys(splits).sort());
  });

  it.each([2, 3, 8])("%d threads leave the bits that one leaves", async (threads) => {
    const one = wasmEngine(build);
    const many = await threadedEngine(build, threads);
    for (const [name, ways] of Object.entries(calls)) {
      for (const call of ways) {
        expect(sameBits(name, memoryAfter(one, name, call), memoryAfter(many, name, call)), `${name}(${call})`).toBe(true);
      }
    }
  });
});
