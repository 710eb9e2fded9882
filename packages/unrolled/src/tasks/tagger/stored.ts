import { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { type JsonObject, readJsonObject } from "../../files/json/object.js";
import { type ModelStore, readRequired } from "../../files/store.js";
import { MERGES, type Merge } from "../../layers/merge.js";
import { CELLS } from "../cell-name.js";
import {
  LAYERS,
  loadWeights,
  readEpochs,
  readModelConfig,
  readRate,
  readTotals,
  UNITS,
  writeModelFiles,
} from "../model-files.js";
import { readVocabulary, vocabularyFile } from "../vocabulary-file.js";
import { readTrainedWordVectors, startOfSaved } from "../word-vectors.js";
import { MostFrequentTags } from "./baseline.js";
import { Lexicon } from "./lexicon.js";
import { describe } from "./model-readme.js";
import { taggerNetwork } from "./network.js";
import { SPELLINGS } from "./options.js";
import type { TaggerParts, TaggerTrainedWith } from "./parts.js";

/** The format of a saved model. It rises when a reader of the one before would misread it. */
const FORMAT = 1;
/** In the place of how directions are merged. */
const FORWARD_ONLY = "none";

export async function writeTagger(store: ModelStore, model: TaggerParts): Promise<void> {
  const { network, lexicon, baseline, trainedWith, history } = model;
  const { words, spelling, tags } = lexicon;
  await writeModelFiles(store, {
    format: FORMAT,
    task: "tagger",
    config: { trainedWith: { ...trainedWith, bidirectional: trainedWith.bidirectional || FORWARD_ONLY } },
    json: {
      ...(spelling?.tokens === "piece" ? vocabularyFile(spelling) : {}),
      "vocabulary.json": {
        words,
        characters: spelling?.tokens === "char" ? spelling.symbols : [],
        tags,
        // of the naive tagger that the model is compared with: the tokens whose most frequent tag each is
        tokensOfTags: baseline.tokens.map((tokens) => ({ tokens })),
      },
    },
    ...{ network, history },
    readme: describe(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Tagger.load`. */
export async function readTagger(store: ModelStore): Promise<TaggerParts> {
  const { config, source } = await readModelConfig(store, "tagger", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), source);
  const totals = readTotals(config);
  config.finish();
  const { lexicon, baseline } = readLexicon(
    await readRequired(store, "vocabulary.json"),
    `${store.description}/vocabulary.json`,
    trainedWith,
    trainedWith.spelling === "pieces" ? await readVocabulary(store, true) : undefined,
  );
  const { network, field } = taggerNetwork(trainedWith, lexicon, trainedWith.seed, startOfSaved(trainedWith));
  await loadWeights(store, network);
  return { network, field, lexicon, baseline, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
}

function readTrainedWith(trained: JsonObject, source: string): TaggerTrainedWith {
  const characterUnits = trained.integer("characterUnits", { ...UNITS, min: 0 });
  const known = characterUnits > 0 ? "characters" : "none";
  const spelling = trained.has("spelling") ? trained.oneOf("spelling", SPELLINGS) : known;
  if ((spelling === "none") !== (known === "none")) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: \`trainedWith.characterUnits\` must be 0 where spelling is none, and only there; received ${characterUnits} with spelling ${spelling}.`,
    );
  }
  return {
    cell: trained.oneOf("cell", CELLS),
    units: trained.integer("units", UNITS),
    layers: trained.integer("layers", LAYERS),
    bidirectional: readDirections(trained),
    crf: trained.boolean("crf"),
    wordUnits: trained.integer("wordUnits", UNITS),
    ...{ characterUnits, spelling },
    dropout: readRate(trained, "dropout", source),
    wordDropout: readRate(trained, "wordDropout", source),
    minimumCount: trained.integer("minimumCount", { min: 1 }),
    lowercase: trained.boolean("lowercase"),
    ...readTrainedWordVectors(trained),
    batchSize: trained.integer("batchSize", { min: 1 }),
    optimizer: trained.string("optimizer"),
    learningRate: trained.number("learningRate", { min: 0 }),
    clipNorm: trained.number("clipNorm", { min: 0 }),
    seed: trained.integer("seed", { min: 0 }),
    marksEntities: trained.boolean("marksEntities"),
    trainExamples: trained.integer("trainExamples", { min: 1 }),
    trainTokens: trained.integer("trainTokens", { min: 1 }),
  };
}

function readDirections(trained: JsonObject): Merge | false {
  const merge = trained.oneOf("bidirectional", [FORWARD_ONLY, ...MERGES]);
  return merge === FORWARD_ONLY ? false : merge;
}

function readLexicon(
  bytes: Uint8Array,
  source: string,
  { lowercase, spelling }: TaggerTrainedWith,
  pieces: Vocabulary | undefined,
): { lexicon: Lexicon; baseline: MostFrequentTags } {
  const file = readJsonObject(bytes, source);
  const words = file.array("words", "string", { minLength: 1 });
  const characters = file.array("characters", "string", spelling === "characters" ? { minLength: 2 } : { maxLength: 0 });
  const tags = file.array("tags", "string", { minLength: 1 });
  const tokens = file
    .array("tokensOfTags", "object", { minLength: tags.length, maxLength: tags.length })
    .map((own) => own.array("tokens", "string"));
  file.finish();
  try {
    const known = spelling === "characters" ? new Vocabulary(characters) : pieces;
    return { lexicon: new Lexicon({ words, spelling: known, tags, lowercase }), baseline: new MostFrequentTags(tags, tokens) };
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${(cause as Error).message}`, { cause });
  }
}
