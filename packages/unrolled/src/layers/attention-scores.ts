import { linear } from "../autograd/ops/linear.js";
import type { Scope } from "../autograd/scope.js";
import type { Tensors } from "../cells/recurrent-cell.js";
import { UnrolledError } from "../errors.js";
import { glorotUniform } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import type { RandomStream } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkChoice, checkCount } from "./options.js";

export const ATTENTIONS = ["dot", "general", "concat", "bahdanau"] as const;

/** How a decoder, or a query, finds what it reads. */
export type AttentionKind = (typeof ATTENTIONS)[number];

/** Options of scores, as layers that attend have them. */
interface ScoreOptions {
  attention?: AttentionKind;
  attentionUnits?: number;
}

/** Makes a layer's parameters. */
export interface ParameterMaking {
  add(name: string, shape: Shape, values: (random: RandomStream) => ArrayLike<number>): Parameter;
  addZeros(name: string, shape: Shape): Parameter;
}

/** Scores of places against queries: their kind, sizes and weights. */
export class AttentionScores {
  readonly kind: AttentionKind;
  /** Features in which additive scores compare; undefined for the others. */
  readonly units: number | undefined;
  /** [queries, memory], the features of what is compared. */
  readonly #sizes: readonly [number, number];
  #key: Parameter | undefined;
  readonly #additive: Record<string, Parameter> = {};

  /**
   * @param query how queries' features are called in errors, and how many there are
   * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range, or excludes another one.
   */
  constructor(
    where: string,
    { attention, attentionUnits }: ScoreOptions,
    query: { readonly name: string; readonly size: number },
    memorySize: number,
  ) {
    this.kind = checkChoice(where, "attention", attention ?? "general", ATTENTIONS);
    this.#sizes = [query.size, memorySize];
    if (attentionUnits !== undefined) checkCount(where, "attentionUnits", attentionUnits);
    const isAdditive = this.kind === "bahdanau" || this.kind === "concat";
    this.units = isAdditive ? (attentionUnits ?? query.size) : undefined;
    if (this.kind === "dot" && query.size !== memorySize) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${where}: the score \`dot\` compares states and memory as they are, received ${query.name} ${query.size} and memorySize ${memorySize}; ` +
          "make them equal, or use `general`.",
      );
    }
    if (attentionUnits !== undefined && !isAdditive) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${where}: \`attentionUnits\` is for concat and bahdanau, the attention is ${this.kind}; leave it out.`,
      );
    }
  }

  create({ add, addZeros }: ParameterMaking): void {
    const { kind, units } = this;
    const [querySize, memorySize] = this.#sizes;
    const addMatrix = (name: string, rows: number, columns: number) =>
      add(name, [rows, columns], (random) => glorotUniform(rows, columns, random));
    if (kind !== "dot") this.#key = addMatrix("weight_key", units ?? querySize, memorySize);
    if (units === undefined) return;
    this.#additive.weight_query = addMatrix("weight_query", units, querySize);
    this.#additive.bias_query = addZeros("bias_query", [units]);
    this.#additive.energy = add("energy", [units], (random) => glorotUniform(1, units, random));
  }

  /** By which places are found: W m, or the places themselves. */
  keysOf(scope: Scope, places: Tensor): Tensor {
    if (!this.#key) return places;
    return linear(places, this.#key, scope.zeros([this.#key.shape[0] as number]));
  }

  /** What additive scores have besides keys. */
  additive(scope: Scope): Tensors {
    return Object.fromEntries(Object.entries(this.#additive).map(([name, parameter]) => [name, scope.use(parameter)]));
  }
}
