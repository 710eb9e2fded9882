import * as reference from "../../kernels/reference.js";
import { ArrayMemory } from "../memory/array-memory.js";
import { Engine } from "./engine.js";
import type { Kernels } from "./kernels.js";

/** The engine in plain TypeScript: the oracle of every test, slow and exact. */
export function referenceEngine(precision: "float32" | "float64" = "float32"): Engine {
  const memory = new ArrayMemory(precision);
  const bound = Object.entries(reference).map(([name, kernel]) => [
    name,
    (...args: unknown[]) => Reflect.apply(kernel, undefined, [memory.elements, ...args]),
  ]);
  return new Engine("reference", memory, Object.fromEntries(bound) as Kernels);
}
