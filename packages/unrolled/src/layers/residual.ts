import { add } from "../autograd/ops/add.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { namedParameters } from "./named-parameters.js";
import { checkKnown } from "./options.js";
import { RepeatVector } from "./repeat-vector.js";
import { loadStateDict, type StateDict, stateDictOf } from "./state-dict.js";
import { timeBehind } from "./time.js";

/** Of the random streams that a place in a network has, the one that the layers inside this layer are seeded from. */
const SEEDING_USER = 65535;

/** x + f(x), f being layers one after another. */
export class Residual extends Layer {
  readonly kind = "residual";
  readonly #layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    super();
    if (layers.length === 0) throw new UnrolledError("UNROLLED_VALUE", "residual: expected at least one layer, received none.");
    const twice = layers.find((layer, index) => layers.indexOf(layer) !== index);
    if (twice) throw new UnrolledError("UNROLLED_VALUE", `residual: the same ${twice.kind} layer stands in it twice.`);
    const timing = layers.find((layer) => layer instanceof RepeatVector || timeBehind(layer, true) === false);
    if (timing) throw notTheSteps(timing);
    this.#layers = layers;
  }

  /** The layers in it. */
  get nested(): readonly Layer[] {
    this.buildAlone();
    return this.#layers;
  }

  get input(): InputKind {
    return this.#first.input;
  }

  get outputSize(): number {
    return (this.nested.at(-1) as Layer).outputSize;
  }

  override get parameters(): readonly Parameter[] {
    return this.nested.flatMap((layer) => layer.parameters);
  }

  override get randomStreams(): readonly RandomStream[] {
    return this.nested.flatMap((layer) => layer.randomStreams);
  }

  /** Copies of its weights, named as in `torch.nn.Sequential`: `0.weight_ih_l0`. */
  override stateDict(): Map<string, Tensor> {
    return stateDictOf(namedParameters(this));
  }

  override loadStateDict(tensors: StateDict): void {
    loadStateDict(this.kind, namedParameters(this), tensors);
  }

  /**
   * `x: [batch, features]` or `[batch, time, features]` → the same shape.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of `x`'s
   * @throws {UnrolledError} `UNROLLED_SHAPE` where `x` or the lengths are not what the first layer in it reads.
   */
  apply(x: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    checkKnown(`${this.kind}.apply`, options, ["lengths"]);
    const { engine } = this;
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input, options.lengths);
      return fromRows(scope, this.forward(scope, flow, { training: scope.recording }));
    }, engine);
  }

  forward(scope: Scope, flow: Flow, passage: Passage): Flow {
    const inner = this.nested.reduce((rows, layer) => layer.forward(scope, rows, passage), flow);
    return { ...flow, rows: add(flow.rows, inner.rows) };
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    const own = new RandomStream(seed, "initialisation", streamOf(index, SEEDING_USER)).integer(2 ** 53);
    let size = before;
    for (const [place, layer] of this.#layers.entries()) {
      layer.build(size, own, place);
      if (layer.input.kind !== "features") {
        throw new UnrolledError(
          "UNROLLED_VALUE",
          `residual: ${layer.input.kind === "indices" ? "an embedding" : layer.kind} reads indices, to which nothing can be added; put it before.`,
        );
      }
      size = layer.outputSize;
    }
    const { input } = this.#first;
    if (input.kind === "features" && input.size !== size) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `residual: x + f(x) needs as many features on both sides; f reads ${input.size} and gives ${size}; ` +
          `end it with a layer of ${input.size} units.`,
      );
    }
  }

  get #first(): Layer {
    return this.nested[0] as Layer;
  }
}

function notTheSteps(layer: Layer): UnrolledError {
  const mend = "returnSequences" in layer ? "set its returnSequences: true" : "put it outside";
  return new UnrolledError(
    "UNROLLED_VALUE",
    `residual: x + f(x) needs every step on both sides, but the ${layer.kind} in it gives others than it reads; ${mend}.`,
  );
}

/**
 * A residual connection (He et al. 2016): x + f(x), where f is one layer or several one after another that give as many features as they
 * read, and every step. `x: [batch, features]` or `[batch, time, features]` → the same shape.
 *
 * @example sequential([embedding({ vocabularySize: 5000, units: 64 }), residual(gru({ units: 64, returnSequences: true })), dense({ units: 2 })]);
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` or `UNROLLED_SHAPE` where the layers don't fit together, or give another shape than they read.
 */
export function residual(layers: Layer | readonly Layer[]): Residual {
  return new Residual(layers instanceof Layer ? [layers] : layers);
}
