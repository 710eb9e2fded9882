/**
 * Whether the wide build is of use: V8 can make one 256-bit operation of two neighbouring 128-bit ones (`--experimental-wasm-revectorize`), on x64
 * with AVX2, since Node 24, behind that flag. The flag says nothing about the processor, so what tells is a product's time; and
 * since it is experimental, the products' bits are compared with those of the relaxed build.
 */
import type { Kernels } from "./kernels.js";

interface NodeProcess {
  readonly getBuiltinModule?: (name: "node:v8") => { setFlagsFromString(flags: string): void } | undefined;
  readonly config?: { readonly variables?: Readonly<Record<string, unknown>> };
}

/**
 * How many times as fast as the relaxed build the wide one must be. Measured: 1.8 where pairing is at work, 1.07 to 1.3 when others use the same
 * core, and less than 0.5 without pairing, because its tiles then need more registers than there are.
 */
const LEAST_GAIN = 0.8;
/** V8 compiles for speed what it has seen run for a while, which on a busy machine may take a tenth of a second. */
const PATIENCE_MS = 400;
const COMPARISONS = 20;
/** m, n, k. */
type Sizes = readonly [number, number, number];
/** A product that is timed: whole tiles. */
const TIMED: Sizes = [48, 64, 128];
/** Products whose bits are compared: tiles of every height, every kind of edge. */
const SHAPES: readonly Sizes[] = [TIMED, [25, 77, 104], [8, 77, 104], [7, 77, 104], [2, 77, 104], [1, 37, 19]];
/** Elements that no side of these products exceeds. */
const SIDE = 8192;
/** Where they lie, past the kernels' constants: the factors, the second one packed, products of both kinds, scratch. */
const A = 16384;
const B = A + SIDE;
const PACKED = B + SIDE;
const STRAIGHT = PACKED + SIDE;
const TRANSPOSED = STRAIGHT + SIDE;
const SCRATCH = TRANSPOSED + SIDE;
const PAGES = 5;

/** Switches pairing on for what V8 compiles from now on, for the whole process. False where the host can't pair. */
export function switchOnPairing(): boolean {
  const { process } = globalThis as { process?: NodeProcess };
  // V8 prints an error for a flag that it doesn't know, so ask first.
  if (!process?.config?.variables?.v8_enable_wasm_simd256_revec) return false;
  const v8 = process.getBuiltinModule?.("node:v8");
  v8?.setFlagsFromString("--experimental-wasm-revectorize");
  return v8 !== undefined;
}

/** What is wrong with the wide build here, or undefined where nothing is. */
export function pairingFault(relaxed: WebAssembly.Module, wide: WebAssembly.Module): string | undefined {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const instance = (module: WebAssembly.Module) => new WebAssembly.Instance(module, { env: { memory } }).exports;
  const narrow = instance(relaxed) as unknown as Kernels;
  const paired = { ...narrow, ...(instance(wide) as Partial<Kernels>) };
  const elements = new Float32Array(memory.buffer);
  for (let i = 0; i < 2 * SIDE; i++) elements[A + i] = Math.sin(i * i);

  const gain = speedGain(narrow, paired);
  const isSame = SHAPES.every((sizes) => {
    const [expected, received] = [narrow, paired].map((kernels) => {
      elements.fill(1, STRAIGHT, SCRATCH);
      multiply(kernels, sizes);
      return new Int32Array(memory.buffer).slice(STRAIGHT, SCRATCH);
    });
    return expected?.every((bits, i) => bits === received?.[i]);
  });
  if (!isSame) return "computes other products than the relaxed build on this machine";
  if (gain >= LEAST_GAIN) return undefined;
  return `is ${gain.toFixed(2)} times as fast as the relaxed build on this machine, and would have to be ${LEAST_GAIN} times`;
}

/** How many times as fast the paired product is, at best, once V8 has compiled both for speed. */
function speedGain(narrow: Kernels, paired: Kernels): number {
  const [m, n, k] = TIMED;
  const timed = [narrow, paired].map((kernels) => {
    const run = () => kernels.multiplyPacked(m, n, k, A, k, PACKED, STRAIGHT, n, STRAIGHT, n);
    multiply(kernels, TIMED); // what runs first is compiled in haste
    return { run, hasty: Math.min(timeOf(run), timeOf(run)), best: Infinity };
  }) as [Timed, Timed];
  const began = performance.now();
  for (let compared = 0; compared < COMPARISONS; ) {
    for (const build of timed) build.best = Math.min(build.best, timeOf(build.run));
    const isCompiled = timed.every(({ hasty, best }) => best < hasty / 2);
    if (isCompiled || performance.now() - began > PATIENCE_MS) compared++;
  }
  return timed[0].best / timed[1].best;
}

interface Timed {
  readonly run: () => void;
  /** Milliseconds before it was compiled for speed, and at best. */
  readonly hasty: number;
  best: number;
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function multiply(kernels: Kernels, [m, n, k]: Sizes): void {
  kernels.pack(k, n, B, n, false, PACKED);
  kernels.multiplyPacked(m, n, k, A, k, PACKED, STRAIGHT, n, STRAIGHT, n);
  kernels.multiplyTransposed(m, n, k, A, m, B, n, TRANSPOSED, n, SCRATCH);
}
