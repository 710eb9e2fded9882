import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { ATTENTIONS } from "../../layers/attention-scores.js";
import { LAYERS, readRate, UNITS } from "../model-files.js";
import { readVocabulary, vocabularyFile } from "../vocabulary-file.js";
import type { WriterArchitecture } from "./decoder-network.js";
import { TextSide } from "./text-side.js";

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

/** What the decoder is made of, but for the cell. */
export function readWriter(trained: JsonObject, where: string): Omit<WriterArchitecture, "cell"> {
  return {
    units: trained.integer("units", UNITS),
    layers: trained.integer("layers", LAYERS),
    embeddingUnits: trained.integer("embeddingUnits", UNITS),
    attention: trained.oneOf("attention", ATTENTIONS),
    inputFeeding: trained.boolean("inputFeeding"),
    tieEmbeddings: trained.boolean("tieEmbeddings"),
    dropout: readRate(trained, "dropout", where),
  };
}

/** How a writer was trained. */
export function readWriterTraining(trained: JsonObject, where: string) {
  return {
    labelSmoothing: readRate(trained, "labelSmoothing", where),
    scheduledSampling: readRate(trained, "scheduledSampling", where),
    batchSize: trained.integer("batchSize", { min: 1 }),
    optimizer: trained.string("optimizer"),
    learningRate: trained.number("learningRate", { min: 0 }),
    clipNorm: trained.number("clipNorm", { min: 0 }),
    seed: trained.integer("seed", { min: 0 }),
    trainExamples: trained.integer("trainExamples", { min: 1 }),
  };
}
