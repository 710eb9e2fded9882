import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { ATTENTIONS } from "../../layers/attention-scores.js";
import { CELLS } from "../cell-name.js";
import { LAYERS, readRate, UNITS } from "../model-files.js";
import { readVocabulary, vocabularyFile } from "../vocabulary-file.js";
import { TextSide } from "./text-side.js";
import type { WriterTrainedWith } from "./trained-with.js";

/** What `config.json` keeps of a side besides its vocabulary. */
export function sideConfig({ vocabulary, lowerCase }: TextSide): object {
  return { tokens: vocabulary.tokens, lowerCase };
}

/** A side's vocabulary, in a file whose name begins with the side's. */
export function sideFiles(side: string, { vocabulary }: TextSide): Record<string, object> {
  return Object.fromEntries(Object.entries(vocabularyFile(vocabulary)).map(([name, file]) => [`${side}-${name}`, file]));
}

/** @throws {UnrolledError} `UNROLLED_FILE` where a side's file is missing or damaged. */
export async function readSide(store: ModelStore, side: string, config: JsonObject): Promise<TextSide> {
  const tokens = config.oneOf("tokens", ["char", "word", "piece"]);
  const lowerCase = config.boolean("lowerCase");
  return new TextSide(await readVocabulary(store, tokens === "piece", `${side}-`), lowerCase);
}

/** How a writer was made and trained. */
export function readWriterTrainedWith(trained: JsonObject, where: string): WriterTrainedWith {
  return {
    cell: trained.oneOf("cell", CELLS),
    units: trained.integer("units", UNITS),
    layers: trained.integer("layers", LAYERS),
    embeddingUnits: trained.integer("embeddingUnits", UNITS),
    attention: trained.oneOf("attention", ATTENTIONS),
    inputFeeding: trained.boolean("inputFeeding"),
    tieEmbeddings: trained.boolean("tieEmbeddings"),
    dropout: readRate(trained, "dropout", where),
    labelSmoothing: readRate(trained, "labelSmoothing", where),
    scheduledSampling: readRate(trained, "scheduledSampling", where),
    batchSize: trained.integer("batchSize", { min: 1 }),
    optimizer: trained.string("optimizer"),
    learningRate: trained.number("learningRate", { min: 0 }),
    clipNorm: trained.number("clipNorm", { min: 0 }),
    seed: trained.integer("seed", { min: 0 }),
    trainExamples: trained.integer("trainExamples", { min: 1 }),
    longestText: trained.integer("longestText", { min: 1 }),
  };
}
