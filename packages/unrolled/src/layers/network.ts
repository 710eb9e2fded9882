import type { Operand, Scope } from "../autograd/scope.js";
import type { Engine } from "../engine/engine.js";
import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import type { RandomStream } from "../tensor/random.js";
import type { Dense } from "./dense.js";
import type { Flow } from "./flow.js";
import { Layer, type Passage } from "./layer.js";
import type { Recurrent } from "./recurrent.js";

/** What `fit` trains on batches of one input and one output: a `sequential`, or a `model`. */
export interface Network {
  /** Each once, also where two layers share it. */
  readonly parameters: readonly Parameter[];
  /** The weights that training changes. */
  readonly trainableParameters: readonly Parameter[];
  /** @internal */
  readonly engine: Engine;
  /** @internal What its layers draw from in training. */
  readonly randomStreams: readonly RandomStream[];
  /** @internal Those whose states go from batch to batch. */
  readonly recurrentLayers: readonly Recurrent[];
  /** @internal Every layer with its place or its name. */
  readonly namedLayers: readonly (readonly [place: string, layer: Layer])[];
  /** @internal Whether a batch's `source` is read. Default: no. */
  readonly readsSource?: boolean;
  /** @internal Its output on a batch-first input, as rows. */
  run(scope: Scope, x: Operand, lengths: ArrayLike<number> | undefined, passage: Passage): Flow;
  /** @internal The same up to the dense layer that ends it, and that layer; undefined where none does, or it has an activation. */
  runToDense(
    scope: Scope,
    x: Operand,
    lengths: ArrayLike<number> | undefined,
    passage: Passage,
  ): { hidden: Flow; dense: Dense } | undefined;
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where it is none, such as a layer that stands alone. */
export function checkNetwork(where: string, network: Network): void {
  const given: unknown = network;
  if (given instanceof Layer) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: expected a network, received a layer (${given.kind}) alone; put it into one: sequential([${given.kind}({ … })]).`,
    );
  }
  if (typeof (given as Partial<Network> | undefined)?.run === "function") return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: expected a network made by sequential or model, received ${typeof given}.`,
  );
}
