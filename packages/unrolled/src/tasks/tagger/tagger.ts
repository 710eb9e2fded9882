import { evaluate } from "../../autograd/gradients.js";
import { softmax } from "../../autograd/ops/softmax.js";
import { withScope } from "../../autograd/scope.js";
import { inGroups } from "../../data/batching.js";
import type { Data } from "../../data/data.js";
import { crfDecode } from "../../decoding/crf/decode.js";
import { UnrolledError } from "../../errors.js";
import { asStore, type ModelStore } from "../../files/store.js";
import { type Flow, fromRows } from "../../layers/flow.js";
import type { Sequential } from "../../layers/sequential.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Batch } from "../../training/batch.js";
import type { TrainingHistory } from "../../training/history.js";
import { Objective } from "../../training/objective.js";
import { Turns } from "../../training/turns.js";
import { checkData } from "../check-data.js";
import { byLength } from "../example-batches.js";
import { trainInWorker } from "../worker/train-in-worker.js";
import type { MostFrequentTags } from "./baseline.js";
import { checkTokens, FORM_OF_EXAMPLES, type TaggerExample } from "./examples.js";
import type { EncodedSentence, Lexicon } from "./lexicon.js";
import { checkOptions, type TaggerOptions } from "./options.js";
import type { TaggerParts, TaggerTrainedWith } from "./parts.js";
import { checkedExamples, READING_BATCH, sentenceBatches } from "./sentences.js";
import { readTagger, writeTagger } from "./stored.js";
import { TagCounts, type TagScore } from "./tag-counts.js";
import { taggerLoss, trainTagger } from "./train.js";

/** Examples that are evaluated at a time. */
const EXAMPLES_AT_ONCE = 1024;
const MAKING = { ...sentenceBatches, batchSize: READING_BATCH };

/** The tags of a sentence. */
export interface TaggedSentence {
  /** One for each token. */
  readonly tags: string[];
  /** How probable each of them is for the model, from 0 to 1; with a conditional random field, whatever the other tags are. */
  readonly probabilities: number[];
}

/** How well a tagger does on examples. */
export interface TaggerMetrics {
  /** Nats per token. */
  loss: number;
  /** The part of tokens that have the right tag, from 0 to 1. */
  accuracy: number;
  /**
   * From 0 to 1. Where tags mark entities, of whole entities of all types together, as the script conlleval counts them; else the mean of all
   * tags' own, tokens counted.
   */
  f1: number;
  /** Precision, recall and F1 of each type of entity, or of each tag. */
  scores: Readonly<Record<string, TagScore>>;
  /** Tokens of the examples. */
  tokens: number;
  /** Tokens whose word the model doesn't know. */
  unknown: number;
  /** The part of those that have the right tag; left out where there are none. */
  unknownAccuracy?: number;
  /** The same of the tag that each token had most often in training, the most frequent tag of all for one that wasn't there. */
  baseline: { accuracy: number; f1: number };
}

/** A recurrent network that has learned to give each token of a sequence a tag. */
export class Tagger {
  /** What `loadModel` tells models apart by. */
  readonly task = "tagger";
  /** Words with their spelling, recurrent layers, dense, and a conditional random field where there is one: indices → scores of tags. */
  readonly network: Sequential;
  /** The options that it was made and trained with, defaults filled in. */
  readonly trainedWith: TaggerTrainedWith;
  /** What training went through, epoch by epoch. */
  readonly history: TrainingHistory;
  readonly #field: TaggerParts["field"];
  readonly #lexicon: Lexicon;
  readonly #baseline: MostFrequentTags;

  /** @internal */
  constructor({ network, field, lexicon, baseline, trainedWith, history }: TaggerParts) {
    this.network = network;
    this.trainedWith = trainedWith;
    this.history = history;
    this.#field = field;
    this.#lexicon = lexicon;
    this.#baseline = baseline;
  }

  /**
   * Trains on examples: an array, or a function that gives them anew each epoch, for data that is larger than memory. Words, characters (or pieces) and
   * tags are those of the part that is trained on. Sentences of about the same length are read side by side, in another order each epoch.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where there are too few examples, or one is none; `UNROLLED_VALUE` for an option that is unknown
   * or out of range; `UNROLLED_NOT_FINITE` where training breaks down.
   *
   * @example
   * const tagger = await Tagger.train([{ tokens: ["Ann", "sings"], tags: ["NOUN", "VERB"] }, …], { seed: 7 });
   * (await tagger.predict(["Ann", "sings"])).tags;      // ["NOUN", "VERB"]
   */
  static async train(examples: Data<TaggerExample>, options: TaggerOptions = {}): Promise<Tagger> {
    checkData("Tagger.train", examples, FORM_OF_EXAMPLES);
    if (!options.worker) return new Tagger(await trainTagger(examples, options));
    checkOptions(options);
    return await Tagger.load(await trainInWorker("tagger", examples, options));
  }

  /**
   * Loads a model that was saved. Runs no code from it.
   *
   * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged or of a newer format; `UNROLLED_STATE_DICT` where its weights
   * don't fit its architecture.
   */
  static async load(store: ModelStore | Map<string, Uint8Array>): Promise<Tagger> {
    return new Tagger(await readTagger(asStore(store)));
  }

  /** The tags that it gives, from the most frequent in its training data on. */
  get tags(): readonly string[] {
    return this.#lexicon.tags;
  }

  /** How many numbers were trained. */
  get parameterCount(): number {
    return this.network.parameterCount;
  }

  /**
   * Tags a sentence, or several. What a sentence gets doesn't depend on the others.
   *
   * @param tokens of one sentence, or of each of several
   * @throws {UnrolledError} `UNROLLED_DATA` where a sentence has no tokens, or an empty one.
   */
  predict(tokens: readonly string[]): Promise<TaggedSentence>;
  predict(sentences: readonly (readonly string[])[]): Promise<TaggedSentence[]>;
  async predict(given: readonly string[] | readonly (readonly string[])[]): Promise<TaggedSentence | TaggedSentence[]> {
    if (isSeveral(given)) {
      const where = "Tagger.predict";
      const encoded = given.map((tokens, index) =>
        this.#encode(given.length > 1 ? `${where}: sentence ${index}` : where, tokens),
      );
      return await this.#tagAll(encoded);
    }
    return (await this.#tagAll([this.#encode("Tagger.predict", given)]))[0] as TaggedSentence;
  }

  /**
   * Measures how well the model tags examples, with what the naive baseline reaches on them.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where there are no examples, one is none, or has a tag that wasn't in the training data.
   */
  async evaluate(examples: Data<TaggerExample>): Promise<TaggerMetrics> {
    const where = "Tagger.evaluate";
    checkData(where, examples, FORM_OF_EXAMPLES);
    const { marksEntities } = this.trainedWith;
    const [counts, naive, strange] = [marksEntities, marksEntities, false].map((marks) => new TagCounts(marks)) as Three;
    const turns = new Turns();
    let loss = 0;
    let index = 0;
    for await (const group of inGroups(checkedExamples(where, examples), EXAMPLES_AT_ONCE)) {
      const sentences = group.map((example) => this.#lexicon.encode(`${where}: example ${index++}`, example));
      for (const { places, batch } of byLength(sentences, MAKING)) {
        const judged = this.#judge(batch);
        loss += judged.nats;
        for (const [at, { tags }] of judged.tagged.entries()) {
          const { tokens, tags: gold } = group[places[at] as number] as TaggerExample;
          counts.add(gold, tags);
          naive.add(gold, this.#baseline.predict(tokens));
          const unseen = tokens.flatMap((token, t) => (this.#lexicon.knows(token) ? [] : [t]));
          const only = (all: readonly string[]) => unseen.map((t) => all[t] as string);
          strange.add(only(gold), only(tags));
        }
        await turns.giveWay();
      }
    }
    if (counts.tokens === 0) throw new UnrolledError("UNROLLED_DATA", `${where}: expected at least one example, received none.`);
    const { accuracy, f1 } = naive.result;
    return {
      loss: loss / counts.tokens,
      ...counts.result,
      tokens: counts.tokens,
      unknown: strange.tokens,
      ...(strange.tokens > 0 ? { unknownAccuracy: strange.result.accuracy } : {}),
      baseline: { accuracy, f1 },
    };
  }

  /**
   * Saves the model: `config.json`, `vocabulary.json` (and `tokenizer.json` of pieces), `model.safetensors`, `history.jsonl` and a `README.md`, all or none.
   *
   * @param store a folder (`folder` of `unrolled/node`), another store, or a map that is filled
   */
  async save(store: ModelStore | Map<string, Uint8Array>): Promise<void> {
    const { network, trainedWith, history } = this;
    const parts = { network, field: this.#field, lexicon: this.#lexicon, baseline: this.#baseline, trainedWith, history };
    await writeTagger(asStore(store), parts);
  }

  #encode(at: string, tokens: readonly string[]): EncodedSentence {
    checkTokens(at, tokens);
    return this.#lexicon.encodeTokens(tokens);
  }

  async #tagAll(sentences: readonly EncodedSentence[]): Promise<TaggedSentence[]> {
    const tagged = Array<TaggedSentence>(sentences.length);
    const turns = new Turns();
    for (const { places, batch } of byLength(sentences, MAKING)) {
      for (const [at, own] of this.#tag(batch).entries()) tagged[places[at] as number] = own;
      await turns.giveWay();
    }
    return tagged;
  }

  /** Tags sentences side by side. */
  #tag({ x, lengths = [] }: Batch): TaggedSentence[] {
    return this.#tagsOf(this.network.apply(x, { lengths }), lengths);
  }

  /** Tags them and sums up the loss of their right tags, of the same scores. */
  #judge(batch: Batch): { readonly tagged: TaggedSentence[]; readonly nats: number } {
    const objective = new Objective(this.network, taggerLoss(this.#field), true);
    return withScope(this.network.engine, {}, (scope) => {
      const { loss, weight, output } = objective.of(scope, batch);
      return { tagged: this.#tagsOf(fromRows(scope, output as Flow), batch.lengths ?? []), nats: weight * loss.item() };
    });
  }

  /** @param scores `[batch, time, tags]` */
  #tagsOf(scores: Tensor, lengths: ArrayLike<number>): TaggedSentence[] {
    const { tags } = this.#lexicon;
    const time = scores.shape[1] as number;
    const field = this.#field;
    const all = field ? field.probabilities(scores, { lengths }).data : evaluate(() => softmax(scores)).data;
    const paths = field && crfDecode(field, scores, { lengths });
    return Array.from(lengths, (length, sentence) => {
      const rows = Array.from({ length }, (_, t) => {
        const first = (sentence * time + t) * tags.length;
        return all.subarray(first, first + tags.length);
      });
      const chosen = rows.map((row, t) => paths?.[sentence]?.[t] ?? placeOfHighest(row));
      return {
        tags: chosen.map((tag) => tags[tag] as string),
        probabilities: chosen.map((tag, t) => rows[t]?.[tag] as number),
      };
    });
  }
}

type Three = [TagCounts, TagCounts, TagCounts];

function placeOfHighest(row: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] as number) > (row[best] as number)) best = i;
  return best;
}

function isSeveral(given: readonly string[] | readonly (readonly string[])[]): given is readonly (readonly string[])[] {
  return Array.isArray(given) && (given.length === 0 || Array.isArray(given[0]));
}
