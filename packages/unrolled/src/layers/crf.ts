import { type CrfScores, crfLosses, crfMarginals, crfPaths } from "../autograd/ops/crf.js";
import { sum } from "../autograd/ops/sum.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import { tensor } from "../tensor/create.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Seed } from "../tensor/random.js";
import { formatShape, sameShape } from "../tensor/shape.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";

/** How a conditional random field is made. */
export interface CrfOptions {
  /** Tags, features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
}

/** Scores of a step's tag given the tag of the step before, learned together with the scores that a network gives to each step alone. */
export class Crf extends Layer {
  readonly kind = "crf";
  readonly #options: CrfOptions;
  #transitions: Parameter | undefined;
  #starts: Parameter | undefined;
  #ends: Parameter | undefined;

  constructor(options: CrfOptions = {}) {
    super();
    checkKnown("crf", options, ["inputSize", "trainable"]);
    this.trainable = options.trainable ?? true;
    if (options.inputSize !== undefined) checkCount("crf", "inputSize", options.inputSize);
    this.#options = options;
  }

  /** How many tags there are. */
  get outputSize(): number {
    return this.starts.size;
  }

  get input(): InputKind {
    return { kind: "features", size: this.outputSize, option: "inputSize", time: "required" };
  }

  /** Scores from the row's tag to the column's, [tags, tags]. */
  get transitions(): Parameter {
    this.buildAlone();
    return this.#transitions as Parameter;
  }

  /** Scores of the first step's tag, [tags]. */
  get starts(): Parameter {
    this.buildAlone();
    return this.#starts as Parameter;
  }

  /** Scores of the last step's tag, [tags]. */
  get ends(): Parameter {
    this.buildAlone();
    return this.#ends as Parameter;
  }

  /**
   * `emissions: [batch, time, tags]` → the same, 0 past a sequence's end: what the field adds is known of whole sequences alone, to the loss and to the
   * decoder.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of the emissions'
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the emissions or the lengths are not what it reads.
   */
  apply(emissions: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    return this.#withRows("apply", emissions, options, (scope, flow) => fromRows(scope, flow));
  }

  /**
   * The probability of each tag at each step, whatever the other tags are: `emissions: [batch, time, tags]` → the same shape, 0 past a
   * sequence's end. The tags with the highest of these need not be the most probable ones together, which `crfDecode` finds.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of the emissions'
   * @throws {UnrolledError} `UNROLLED_SHAPE` where the emissions or the lengths are not what it reads.
   */
  probabilities(emissions: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    return this.#withRows("probabilities", emissions, options, (scope, { rows, plan }) => {
      const sequences = plan as SequencePlan;
      return fromRows(scope, { rows: crfMarginals(scope, rows, this.#scores(scope), sequences), plan: sequences });
    });
  }

  /**
   * −log p of whole sequences of tags, in nats, summed over the batch, for a training loop of one's own: `emissions: [batch, time, tags]`,
   * `tags: [batch, time]`, whole numbers → `[]`. What stands past a sequence's end is not read.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of the emissions'
   * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where emissions, tags or lengths don't fit together.
   */
  negativeLogLikelihood(emissions: Operand, tags: Tensor | NestedNumbers, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    return this.#withRows("negativeLogLikelihood", emissions, options, (scope, { rows, plan }) => {
      const sequences = plan as SequencePlan;
      const y = tags instanceof Tensor ? tags : tensor(tags);
      const { batch, time } = sequences;
      const gold = toRows(scope, "crf: tags", y, { kind: "indices", bound: this.outputSize }, options.lengths);
      if (!sameShape(y.shape, [batch, time])) {
        throw new UnrolledError(
          "UNROLLED_SHAPE",
          `crf: \`tags\` must be [batch, time] = ${formatShape([batch, time])}, received ${formatShape(y.shape)}.`,
        );
      }
      return sum(this.losses(scope, rows, gold.rows, sequences));
    });
  }

  forward(_scope: Scope, flow: Flow, _passage?: Passage): Flow {
    if (flow.plan) return flow;
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      "crf: it reads every step, but what comes in has no time; set returnSequences: true in the recurrent layer before it, or leave it out.",
    );
  }

  /** @internal −log p of each sequence's tags, [batch], in the plan's order. */
  losses(scope: Scope, emissions: Tensor, targets: Tensor, plan: SequencePlan): Tensor {
    return crfLosses(scope, emissions, targets, this.#scores(scope), plan);
  }

  /** @internal The most probable tags, [rows]. */
  paths(scope: Scope, emissions: Tensor, plan: SequencePlan): Tensor {
    return crfPaths(scope, emissions, this.#scores(scope), plan);
  }

  /** @internal The same of emissions from outside: `[batch, time, tags]` → for each sequence its tags. */
  decode(where: string, emissions: Operand, lengths: ArrayLike<number> | undefined): number[][] {
    return inScope((scope) => {
      const { rows, plan } = toRows(scope, where, scope.use(emissions), this.input, lengths) as Required<Flow>;
      const path = this.paths(scope, rows, plan).data;
      return Array.from(plan.places ?? Array(plan.batch).keys(), (place: number) =>
        Array.from({ length: plan.lengths[place] as number }, (_, t) => path[(plan.offsets[t] as number) + place] as number),
      );
    }, this.engine);
  }

  protected create(before: number | undefined, _seed: Seed, _index: number): void {
    const tags = this.settleInputSize(this.#options.inputSize, before);
    this.#starts = this.addZeros("start_transitions", [tags]);
    this.#ends = this.addZeros("end_transitions", [tags]);
    this.#transitions = this.addZeros("transitions", [tags, tags]);
  }

  #scores(scope: Scope): CrfScores {
    return { transitions: scope.use(this.transitions), starts: scope.use(this.starts), ends: scope.use(this.ends) };
  }

  #withRows(
    method: string,
    emissions: Operand,
    options: { lengths?: ArrayLike<number> },
    work: (scope: Scope, flow: Flow) => Tensor,
  ): Tensor {
    checkKnown(`crf.${method}`, options, ["lengths"]);
    return inScope((scope) => work(scope, toRows(scope, "crf", scope.use(emissions), this.input, options.lengths)), this.engine);
  }
}

/**
 * A linear-chain conditional random field (Lafferty et al. 2001) on top of a network that scores each step's tags by themselves (Huang et
 * al. 2015): it learns how tags follow each other, so that a sequence's tags are judged, and found, together.
 *
 *   score(y) = starts[y_0] + Σ_t e_t(y_t) + Σ_{t>0} transitions[y_{t−1}, y_t] + ends[y_last]      p(y) = exp score(y) / Σ over all y′ of exp score(y′)
 *
 * Stands last in a network and hands on the emissions e, `[batch, time, tags]`, as they are; `crfLoss` of it is what training makes
 * small, `crfDecode` finds the best tags. All its weights begin as 0, so at first the tags are independent. In state dicts they have the
 * names of the package pytorch-crf.
 *
 * @example
 * const field = crf();
 * const network = sequential([embedding({ vocabularySize: 5000, units: 64 }), lstm({ units: 64, bidirectional: "concat", returnSequences: true }),
 *   dense({ units: 9 }), field]);
 * await fit(network, data, { loss: crfLoss(field), optimizer: adam() });
 * const tags = crfDecode(field, network.apply(x, { lengths }), { lengths });
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function crf(options: CrfOptions = {}): Crf {
  return new Crf(options);
}
