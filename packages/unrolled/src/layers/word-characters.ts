import { concat } from "../autograd/ops/concat.js";
import { selectRows } from "../autograd/ops/rows.js";
import { inScope, type Scope } from "../autograd/scope.js";
import { dropSteps } from "../cells/sequence-mask.js";
import { SequencePlan } from "../cells/sequence-plan.js";
import { tensor } from "../tensor/create.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { type NestedNumbers, Tensor } from "../tensor/tensor.js";
import { gru, lstm, rnn } from "./cells.js";
import { type Embedding, embedding } from "./embedding.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import { Layer, type Passage, streamOf } from "./layer.js";
import { namedParameters } from "./named-parameters.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "./options.js";
import type { Recurrent } from "./recurrent.js";
import { loadStateDict, type StateDict, stateDictOf } from "./state-dict.js";

const CELLS = { rnn, lstm, gru };

/** Of the random streams that a place in a network has, the one that the layers inside this layer are seeded from. */
const SEEDING_USER = 65535;

/** How words with their characters are read. */
export interface WordCharactersOptions {
  /** How many different words there are, the unknown one, index 0, among them. */
  words: number;
  /** Features of a word's own vector. */
  wordUnits: number;
  /** How many different characters there are; their indices are 1 to `characters`. */
  characters: number;
  /** Hidden units of the recurrent layer that reads a word's characters, in each direction. */
  characterUnits: number;
  /** Features of a character's vector. Default: as many as `characterUnits`. */
  characterEmbeddingUnits?: number;
  /** What reads the characters. Default: lstm. */
  cell?: "rnn" | "lstm" | "gru";
  /** Probability that a word is dropped, wherever in the batch it stands, in training: its own vector is 0 (Gal & Ghahramani 2016). Default: 0. */
  dropout?: number;
  /**
   * Probability that a step's word is read as unknown in training, so that the unknown word's vector is learned and characters must do. Default: 0.
   */
  wordDropout?: number;
  /** Vectors that words begin with, by their index, as those of `embedding`. Default: none. */
  vectors?: ReadonlyMap<number, ArrayLike<number>>;
  /** Whether training changes the words' own vectors, where it changes the other weights. Default: true. */
  trainableWords?: boolean;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** A vector for each word: one that is its own, beside one that a recurrent layer makes of its characters. */
export class WordCharacters extends Layer {
  readonly kind = "wordCharacters";
  /** How many different words there are. */
  readonly words: number;
  /** How many different characters there are. */
  readonly characters: number;
  /** Probability that a step's word is read as unknown in training. */
  readonly wordDropout: number;
  readonly #seed: Seed | undefined;
  readonly #parts: { readonly words: Embedding; readonly characters: Embedding; readonly spelling: Recurrent };
  #random: RandomStream | undefined;

  constructor(options: WordCharactersOptions) {
    super();
    const { kind } = this;
    checkKnown(kind, options, OPTIONS);
    this.trainable = options.trainable ?? true;
    this.words = checkCount(kind, "words", options.words);
    this.characters = checkCount(kind, "characters", options.characters);
    this.wordDropout = checkRate(kind, "wordDropout", options.wordDropout ?? 0);
    const wordUnits = checkCount(kind, "wordUnits", options.wordUnits);
    const units = checkCount(kind, "characterUnits", options.characterUnits);
    const embeddingUnits = checkCount(kind, "characterEmbeddingUnits", options.characterEmbeddingUnits ?? units);
    const cell = checkChoice(kind, "cell", options.cell ?? "lstm", ["rnn", "lstm", "gru"]);
    const dropout = checkRate(kind, "dropout", options.dropout ?? 0);
    this.#seed = options.seed;
    const { vectors = new Map(), trainableWords = true } = options;
    this.#parts = {
      words: embedding({ vocabularySize: this.words, units: wordUnits, dropout, vectors, trainable: trainableWords }),
      characters: embedding({ vocabularySize: this.characters + 1, units: embeddingUnits }),
      spelling: CELLS[cell]({ units, bidirectional: "concat" }),
    };
  }

  /** @internal The layers in it, by the names that their weights have in a state dict. */
  get parts(): Readonly<Record<string, Layer>> {
    this.buildAlone();
    return this.#parts;
  }

  get outputSize(): number {
    return this.#parts.words.outputSize + this.#parts.spelling.outputSize;
  }

  get input(): InputKind {
    return { kind: "words", words: this.words, characters: this.characters };
  }

  override get parameters(): readonly Parameter[] {
    return Object.values(this.parts).flatMap((layer) => layer.parameters);
  }

  override get randomStreams(): readonly RandomStream[] {
    const own = this.#random ? [this.#random] : [];
    return [...own, ...Object.values(this.parts).flatMap((layer) => layer.randomStreams)];
  }

  /** Copies of its weights: `words.weight`, `characters.weight`, `spelling.weight_ih_l0`, … */
  override stateDict(): Map<string, Tensor> {
    return stateDictOf(namedParameters(this));
  }

  override loadStateDict(tensors: StateDict): void {
    loadStateDict(this.kind, namedParameters(this), tensors);
  }

  /**
   * `x: [batch, time, 1 + C]`, at each step a word's index, then those of its characters, then zeros → `[batch, time, wordUnits +
   * 2·characterUnits]`, 0 past a sequence's end.
   *
   * @param options `lengths`: steps of each sequence, where they are not all of `x`'s
   * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX`, `UNROLLED_DTYPE` or `UNROLLED_VALUE` where `x` or the lengths are not what
   * it reads.
   */
  apply(x: Tensor | NestedNumbers, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    checkKnown(`${this.kind}.apply`, options, ["lengths"]);
    const indices = x instanceof Tensor ? x : tensor(x);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, indices, this.input, options.lengths);
      return fromRows(scope, this.forward(scope, flow, { training: scope.recording }));
    }, this.engine);
  }

  forward(scope: Scope, { rows, ...rest }: Flow, { training }: Passage): Flow {
    const [count, width] = rows.shape as [number, number];
    const { data } = rows;
    const words = Int32Array.from({ length: count }, (_, row) => data[row * width] as number);
    if (training && this.#random && rest.plan) this.#forget(scope, words, rest.plan, this.#random);
    const { spellings, which } = distinctSpellings(data, count, width);
    const own = this.#parts.words.forward(scope, indexRows(scope, words), { training });
    const spelled = this.#spell(scope, spellings, training);
    return { rows: concat([own.rows, selectRows(scope, spelled, which)]), ...rest };
  }

  /** The last states of both directions over each spelling: [spellings, 2·characterUnits]. */
  #spell(scope: Scope, spellings: readonly ArrayLike<number>[], training: boolean): Tensor {
    const { characters, spelling } = this.#parts;
    const lengths = spellings.map(({ length }) => length);
    const longest = Math.max(...lengths);
    const plan = SequencePlan.of(this.kind, lengths, spellings.length, longest);
    const inOrder = plan.source.map((place) => spellings[Math.floor(place / longest)]?.[place % longest] as number);
    const vectors = characters.forward(scope, { ...indexRows(scope, inOrder), plan }, { training });
    return spelling.forward(scope, vectors, { training }).rows;
  }

  /** Makes some words unknown. Which belongs to a sequence's place in the batch from outside. */
  #forget(scope: Scope, words: Int32Array, plan: SequencePlan, random: RandomStream): void {
    const ones = scope.empty([words.length, 1]);
    scope.engine.kernels.fill(ones.size, 1, ones.address);
    const kept = dropSteps(scope, ones, plan, this.wordDropout, random).data;
    for (let row = 0; row < words.length; row++) if (kept[row] === 0) words[row] = 0;
  }

  protected create(_before: number | undefined, seed: Seed, index: number): void {
    const own = this.#seed ?? seed;
    const inner = new RandomStream(own, "initialisation", streamOf(index, SEEDING_USER)).integer(2 ** 53);
    const { words, characters, spelling } = this.#parts;
    words.build(undefined, inner, 0);
    characters.build(undefined, inner, 1);
    spelling.build(characters.units, inner, 2);
    if (this.wordDropout > 0) this.#random = new RandomStream(own, "dropout", streamOf(index, 0));
  }
}

const OPTIONS = [
  "words",
  "wordUnits",
  "characters",
  "characterUnits",
  "characterEmbeddingUnits",
  "cell",
  "dropout",
  "wordDropout",
  "vectors",
  "trainableWords",
  "trainable",
  "seed",
];

function indexRows(scope: Scope, indices: Int32Array): Flow {
  return { rows: scope.useIndices(Tensor.owning(indices, [indices.length])) };
}

/** The spellings among some words, each once, in the order in which they first come, and which of them each word has. */
function distinctSpellings(
  data: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> },
  count: number,
  width: number,
): { spellings: ArrayLike<number>[]; which: Int32Array } {
  const spellings: ArrayLike<number>[] = [];
  const known = new Map<string, number>();
  const which = Int32Array.from({ length: count }, (_, row) => {
    const first = row * width + 1;
    let end = first;
    while (end < first + width - 1 && data[end] !== 0) end++;
    const spelling = data.subarray(first, end);
    const key = Array.from(spelling).join();
    const place = known.get(key) ?? spellings.push(spelling) - 1;
    known.set(key, place);
    return place;
  });
  return { spellings, which };
}

/**
 * Words with their characters: each word's own vector beside the last states of a recurrent layer that reads its characters in both
 * directions (Ling et al. 2015, Lample et al. 2016). So a word that training never saw still has a vector, and endings, capitals and digits
 * count.
 *
 * `x: [batch, time, 1 + C]`, whole numbers: at each step the index of a word, from 0 (unknown) to words − 1, then the indices of its characters, from
 * 1 to `characters`, then zeros up to the length C of the longest → `[batch, time, wordUnits + 2·characterUnits]`.
 *
 * Pieces of words may stand in the place of characters. The characters of all words of a batch are read side by side as sequences of their own, each spelling once, and no padded character or word
 * is computed. Stands first in a network. State dicts have its weights as `words.weight`, `characters.weight` and
 * `spelling.weight_ih_l0`, `spelling.weight_hh_l0_reverse`, …
 *
 * @example
 * const network = sequential([wordCharacters({ words: 5000, wordUnits: 64, characters: 80, characterUnits: 24 }),
 *   lstm({ units: 64, bidirectional: "concat", returnSequences: true }), dense({ units: 17 })]);
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function wordCharacters(options: WordCharactersOptions): WordCharacters {
  return new WordCharacters(options);
}
