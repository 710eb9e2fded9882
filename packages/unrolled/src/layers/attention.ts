import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { attend } from "../cells/decoder/attend.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type MemoryCall, placesFor, readMemory } from "./attended.js";
import { type AttentionKind, AttentionScores } from "./attention-scores.js";
import { batchFirstAttention } from "./attention-weights.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";
import { checkedPlan } from "./pooling.js";

/** How an attention is made. */
export interface AttentionOptions {
  /** H, features of the queries. */
  inputSize: number;
  /** Features of what is attended to. */
  memorySize: number;
  /** `dot`, `general` and `concat` of Luong et al. 2015, `bahdanau` of Bahdanau et al. 2015; see `attention`. Default: general. */
  attention?: AttentionKind;
  /** Features in which additive scores compare (`concat` and `bahdanau`, here the same). Default: `inputSize`. */
  attentionUnits?: number;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** What an attention's `apply` is told besides its queries. */
export interface AttentionCall extends MemoryCall {
  /** Steps of each sequence of queries, where they are not all of `x`'s. */
  lengths?: ArrayLike<number>;
}

/** For each query a mean of the places of a memory, by how well each answers to it. */
export class Attention extends Layer {
  readonly kind = "attention";
  /** Features of what is attended to, and of the output. */
  readonly memorySize: number;
  /** H, features of the queries. */
  readonly inputSize: number;
  /** @internal How it finds what it reads. */
  readonly scores: AttentionScores;
  readonly #seed: Seed | undefined;

  constructor(options: AttentionOptions) {
    super();
    const where = "attention";
    checkKnown(where, options, ["inputSize", "memorySize", "attention", "attentionUnits", "trainable", "seed"]);
    this.inputSize = checkCount(where, "inputSize", options.inputSize);
    this.memorySize = checkCount(where, "memorySize", options.memorySize);
    this.scores = new AttentionScores(where, options, { name: "inputSize", size: this.inputSize }, this.memorySize);
    this.trainable = options.trainable ?? true;
    this.#seed = options.seed;
  }

  /** How it finds what it reads. */
  get attention(): AttentionKind {
    return this.scores.kind;
  }

  /** Features in which additive scores compare; undefined for the others. */
  get attentionUnits(): number | undefined {
    return this.scores.units;
  }

  get outputSize(): number {
    return this.memorySize;
  }

  get input(): InputKind {
    return { kind: "features", size: this.inputSize, option: "inputSize", time: "required" };
  }

  /**
   * Reads of the memory what each query asks for.
   *
   * `x: [batch, time, inputSize]` → `context: [batch, time, memorySize]`, 0 past a sequence's end; `attention: [batch, time, places]`: how much each
   * query reads of each place, together 1, and 0 past the ends on both sides, without a gradient.
   *
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the queries, the memory or the lengths don't fit.
   */
  apply(x: Operand, call: AttentionCall): { context: Tensor; attention: Tensor } {
    checkKnown(`${this.kind}.apply`, call, ["memory", "memoryLengths", "lengths"]);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input, call.lengths);
      const { attended: memory, places } = readMemory(scope, this, call);
      const attention = new Map<Layer, Tensor>();
      const context = this.forward(scope, flow, { training: scope.recording, memory, attention });
      const weights = attention.get(this) as Tensor;
      return {
        context: fromRows(scope, context),
        attention: batchFirstAttention(weights, context.plan as SequencePlan, memory.lengths, places),
      };
    }, this.engine);
  }

  forward(scope: Scope, { rows, plan: given }: Flow, { memory, attention }: Passage): Flow {
    const plan = checkedPlan(this.kind, given);
    const { context, weights } = attend(scope, rows, plan, placesFor(scope, this, plan, memory), this.scores.additive(scope));
    attention?.set(this, weights);
    return { rows: context, plan };
  }

  protected create(before: number | undefined, seed: Seed, index: number): void {
    this.settleInputSize(this.inputSize, before);
    let user = 0;
    this.scores.create({
      add: (name, shape, values) => {
        const random = new RandomStream(this.#seed ?? seed, "initialisation", streamOf(index, user++));
        return this.addParameter(name, shape, () => values(random));
      },
      addZeros: (name, shape) => this.addZeros(name, shape),
    });
  }
}

/**
 * Attention for a network of one's own: each query q, a decoder's state, say, finds the places m_j of a memory, an encoder's outputs, say, and reads a
 * mean of them. With a = softmax(s) over a sequence's own places, the context is c = Σ_j a_j m_j:
 *
 * ```text
 * dot      s_j = q·m_j                                              Luong et al. 2015
 * general  s_j = q·(W_key m_j)                                      Luong et al. 2015
 * concat, bahdanau   s_j = energy·tanh(W_query q + b_query + W_key m_j)      Luong et al. 2015, Bahdanau et al. 2015
 * ```
 *
 * All queries are at hand at once, and the whole is one op; where what is read shall reach the next step of a cell, there is `attentionDecoder`.
 * Matrices and `energy` begin as Glorot uniform, the bias as 0.
 *
 * `x: [batch, time, inputSize]`, memory `[batch, places, memorySize]` → `[batch, time, memorySize]`.
 *
 * @example
 * const translator = model(
 *   {
 *     sources: embedding({ vocabularySize: 5000, units: 64 }),
 *     encoder: gru({ inputSize: 64, units: 128, returnSequences: true }),
 *     targets: embedding({ vocabularySize: 4000, units: 64 }),
 *     decoder: gru({ inputSize: 64, units: 128, returnSequences: true }),
 *     attention: attention({ inputSize: 128, memorySize: 128 }),
 *     head: dense({ inputSize: 256, units: 4000 }),
 *   },
 *   ({ sources, encoder, targets, decoder, attention, head }, ids: number[][], { source }) => {
 *     const memory = encoder.apply(sources.apply(source?.x ?? [])).output;
 *     const states = decoder.apply(targets.apply(ids)).output;
 *     return head.apply(concat([states, attention.apply(states, { memory }).context], 2));
 *   },
 * );
 * await fit(translator, [{ source: { x: sourceIds }, x: targetIds, y: nextIds }], { loss: crossEntropy(), optimizer: adam() });
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, or excludes another one.
 */
export function attention(options: AttentionOptions): Attention {
  return new Attention(options);
}
