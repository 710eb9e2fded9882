/**
 * Files as examples: tables, sentences, sequences, texts and pictures, read lazily, with file and line in every error.
 *
 * @module @unrolled/data
 */

export { type ColumnChoice, type ColumnOptions, type ColumnTask, chooseColumns } from "./columns/choose-columns.js";
export type { ColumnKind } from "./columns/profile.js";
export { type ConllOptions, openConll, openConllu } from "./conll/open-conll.js";
export { type CsvOptions, openCsv } from "./csv/open-csv.js";
export {
  type CaptionerExample,
  type CaptionerExamplesOptions,
  type CaptionerInput,
  captionerExamples,
  captionerInputs,
} from "./examples/captioner-examples.js";
export {
  type ClassifierExample,
  type ClassifierExamplesOptions,
  type ClassifierInput,
  classifierExamples,
  classifierInputs,
} from "./examples/classifier-examples.js";
export { type ForecasterRow, forecasterRows } from "./examples/forecaster-rows.js";
export type { Grouped } from "./examples/group.js";
export { type TaggerExample, type TaggerExamplesOptions, taggerExamples, taggerInputs } from "./examples/tagger-examples.js";
export { type TranslatorExample, translatorExamples, translatorInputs } from "./examples/translator-examples.js";
export type { ImageOptions } from "./images/image-options.js";
export { openCaptions } from "./images/open-captions.js";
export { openImages } from "./images/open-images.js";
export { readImage } from "./images/read-image.js";
export { type WithImagesOptions, withImages } from "./images/with-images.js";
export { type JsonlOptions, openJsonl } from "./jsonl/open-jsonl.js";
export { type OpenDataOptions, openData } from "./open-data.js";
export { openPairs } from "./pairs/open-pairs.js";
export { openParallel, type ParallelOptions } from "./pairs/open-parallel.js";
export { openParquet, type ParquetOptions } from "./parquet/open-parquet.js";
export { type ReadTextOptions, readText } from "./read-text.js";
export { joinRecords } from "./records/join.js";
export type { DataFormat, Image, Records, Row, Value } from "./records/records.js";
export type { Parts, Reader, SplitFractions } from "./splits/parts.js";
export { splitByGroup } from "./splits/split-by-group.js";
export { splitBySeed } from "./splits/split-by-seed.js";
export { splitByTime, type TimedRow } from "./splits/split-by-time.js";
export { type LinesOptions, openLines } from "./text/open-lines.js";
export { openUcr, type UcrOptions } from "./ucr/open-ucr.js";
export { type ReadWordVectorsOptions, readWordVectors } from "./word-vectors/read-word-vectors.js";
