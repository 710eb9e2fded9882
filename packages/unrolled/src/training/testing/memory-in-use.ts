import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Engine } from "../../engine/engine.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes in use after garbage collection: the engine's linear memory, what is handed out of it, and JavaScript's heap. */
export interface MemoryInUse {
  readonly engineBytes: number;
  readonly handedOut: number;
  readonly heapBytes: number;
}

export function memoryInUse(engine: Engine): MemoryInUse {
  collectGarbage();
  return {
    engineBytes: engine.memory.elements.byteLength,
    handedOut: engine.allocator.used,
    heapBytes: process.memoryUsage().heapUsed,
  };
}
