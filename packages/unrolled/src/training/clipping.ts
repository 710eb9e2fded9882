import type { Engine } from "../engine/engine.js";
import type { Address } from "../memory/memory.js";

/** A gradient in the engine's memory. */
export interface GradientBlock {
  readonly address: Address;
  readonly size: number;
}

/** √Σ g² over all gradients together. */
export function globalNorm(engine: Engine, gradients: readonly GradientBlock[]): number {
  let total = 0;
  for (const { address, size } of gradients) total += engine.kernels.sumSquares(size, address);
  return Math.sqrt(total);
}

/** What gradients are multiplied by so that their global norm is at most `clipNorm` (Pascanu et al. 2013). */
export function clippingScale(norm: number, clipNorm: number | undefined): number {
  return clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1;
}
