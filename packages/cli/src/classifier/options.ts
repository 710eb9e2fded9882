import type { ColumnChoice } from "@unrolled/data";
import type { ClassifierOptions, InputName, PoolingName } from "unrolled/tasks";
import type { ColumnArguments } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import { checkPieceArguments } from "../training/given-pieces.js";
import type { TrainOptions } from "../training/options.js";
import { sharedTaskOptions } from "../training/task-options.js";
import { checkWordVectorArguments, type WordVectorArguments } from "../training/word-vectors.js";

/** What `train classifier` can be told. */
export interface ClassifierTrainOptions extends TrainOptions, ColumnArguments, WordVectorArguments {
  tokens?: "char" | "word" | "piece" | "both";
  lowerCase?: boolean;
  minimumCount?: number;
  vocabularySize?: number;
  /** A file. */
  tokenizer?: string;
  bidirectional?: boolean;
  pooling?: PoolingName;
  embeddingUnits?: number;
  balance?: true;
  labelSmoothing?: number;
  patience?: number;
}

/** What the input is by its columns: one of text, one of sequences, or a row of several, or of a picture's pixels. */
function inputOf({ input, kinds }: ColumnChoice): InputName {
  const kind = kinds[input[0] ?? ""] ?? "empty";
  if (kind === "image" || input.length > 1 || kind === "number" || kind === "empty") return "row";
  return kind === "series" ? "sequence" : "text";
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for options that don't go together, or say nothing of such inputs. */
export function checkClassifierOptions(options: ClassifierTrainOptions, columns: ColumnChoice): void {
  const { tokens = "word" } = options;
  const input = inputOf(columns);
  checkPieceArguments(options, ["minimumCount", "vocabularySize"]);
  const readsWords = tokens === "word" || tokens === "both";
  const refusal = readsWords ? undefined : `--word-vectors are for words; leave --tokens ${tokens} out, or take both.`;
  checkWordVectorArguments(
    options,
    input === "text" ? refusal : `--word-vectors are for texts, and the inputs are ${input}s; leave it out.`,
  );
}

/** The task's options for what the command line says; what it doesn't say, the task chooses by the data. */
export function classifierOptions(options: ClassifierTrainOptions, columns: ColumnChoice, seed: number): ClassifierOptions {
  const { tokens, lowerCase, minimumCount, vocabularySize, bidirectional, pooling, embeddingUnits } = options;
  const { balance, labelSmoothing, patience } = options;
  const isPicture = columns.kinds[columns.input[0] ?? ""] === "image";
  return {
    ...sharedTaskOptions(options),
    ...givenOptions({ tokens, lowerCase, minimumCount, vocabularySize, bidirectional, pooling, embeddingUnits }),
    ...givenOptions({ labelSmoothing, patience }),
    ...(balance ? { classWeights: "balanced" } : {}),
    ...dropoutOptions(options, inputOf(columns)),
    input: inputOf(columns),
    // pixels at the edge hardly ever vary, and by their own deviation they would drown the others
    ...(isPicture ? { scaling: "together" } : {}),
    seed,
  };
}

/** One share for all places where such a network drops values. */
function dropoutOptions({ dropout, layers = 1 }: ClassifierTrainOptions, input: InputName): ClassifierOptions {
  if (dropout === undefined) return {};
  if (input === "row") return { dropout };
  return {
    ...(input === "text" ? { inputDropout: dropout } : {}),
    ...(layers > 1 ? { dropout } : {}),
    outputDropout: dropout,
  };
}
