import { UnrolledError } from "../../errors.js";
import type { Optimizer } from "../../training/optimizers/optimizer.js";

/** An optimizer that can be cloned. */
export interface PortableOptimizer {
  readonly name: string;
  readonly settings: object;
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where a setting is a function. */
export function portable({ name, settings, learningRate }: Optimizer): PortableOptimizer {
  const [held] = Object.entries(settings).find(([, value]) => typeof value === "function") ?? [];
  if (held === undefined) return { name, settings: { ...settings, learningRate } };
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `worker: \`${held}\` of ${name} is a function, which can't go to a worker; leave \`${held}\` or \`worker\` out.`,
  );
}
