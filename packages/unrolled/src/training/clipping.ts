import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import { checkPositive } from "../layers/options.js";
import type { Address } from "../memory/memory.js";

/** A gradient in the engine's memory. */
export interface GradientBlock {
  readonly address: Address;
  readonly size: number;
}

/** How gradients are kept from exploding: by one of these at most. */
export interface ClippingOptions {
  /** All gradients are scaled down together, to this norm of all of them (Pascanu et al. 2013; Keras' `global_clipnorm`). Default: none. */
  clipNorm?: number;
  /** Each parameter's gradient is scaled down to this norm of its own (Keras' `clipnorm`). Default: none. */
  clipParameterNorm?: number;
  /** Each number of a gradient is cut off at plus and minus this value. Default: none. */
  clipValue?: number;
}

const NAMES = ["clipNorm", "clipParameterNorm", "clipValue"] as const;

/** One way of clipping, or none. */
export class Clipping {
  readonly #kind: (typeof NAMES)[number] | undefined;
  readonly #limit: number;

  /** @throws {UnrolledError} `UNROLLED_VALUE` where a limit is not above 0, or more than one is given. */
  constructor(where: string, options: ClippingOptions) {
    const given = NAMES.filter((name) => options[name] !== undefined);
    if (given.length > 1) {
      const list = given.map((name) => `\`${name}\``).join(" and ");
      throw new UnrolledError("UNROLLED_VALUE", `${where}: ${list} exclude each other; set one of them.`);
    }
    this.#kind = given[0];
    this.#limit = this.#kind ? checkPositive(where, this.#kind, options[this.#kind] as number) : 0;
  }

  /** Cuts a gradient's numbers off, or gives what it is to be multiplied by. `norm` is that of all gradients together. */
  scaleOf(engine: Engine, { address, size }: GradientBlock, norm: number): number {
    switch (this.#kind) {
      case undefined:
        return 1;
      case "clipNorm":
        return clippingScale(norm, this.#limit);
      case "clipParameterNorm":
        return clippingScale(Math.sqrt(engine.kernels.sumSquares(size, address)), this.#limit);
      case "clipValue":
        engine.kernels.clamp(size, this.#limit, address, address);
        return 1;
    }
  }
}

/** √Σ g² over all gradients together. */
export function globalNorm(engine: Engine, gradients: readonly GradientBlock[]): number {
  let total = 0;
  for (const { address, size } of gradients) total += engine.kernels.sumSquares(size, address);
  return Math.sqrt(total);
}

function clippingScale(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}
