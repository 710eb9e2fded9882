import { concat } from "../../autograd/ops/concat.js";
import { attentionPooling } from "../../layers/attention-pooling.js";
import { dense } from "../../layers/dense.js";
import { dropout } from "../../layers/dropout.js";
import { embedding } from "../../layers/embedding.js";
import type { Layer } from "../../layers/layer.js";
import { type Model, model } from "../../layers/model.js";
import { maxOverTime, meanOverTime } from "../../layers/pooling.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import { wordCharacters } from "../../layers/word-characters.js";
import type { Seed } from "../../tensor/random.js";
import { Tensor } from "../../tensor/tensor.js";
import { layerOf } from "../cell-name.js";
import type { WordStart } from "../word-vectors.js";
import type { InputForm } from "./input-form.js";
import type { ClassifierArchitecture, PoolingName } from "./options.js";
import { RowInput } from "./row-input.js";
import { SequenceInput } from "./sequence-input.js";
import { SpelledTextInput } from "./spelled-text-input.js";
import { TextInput } from "./text-input.js";

/** What a classifier trains: inputs side by side → a logit for each label. */
export type ClassifierNetwork = Sequential | Model<Readonly<Record<string, Layer | Sequential>>, Tensor, Tensor>;

/**
 * Tokens or steps → recurrent layers → pooling → logits; a row → dense layers with relu → logits.
 *
 * @param start of words
 */
export function classifierNetwork(
  architecture: ClassifierArchitecture,
  form: InputForm,
  labels: number,
  seed: Seed,
  start: WordStart = {},
): ClassifierNetwork {
  if (form instanceof RowInput) return rowNetwork(architecture, form, labels, seed);
  const { cell, units, layers, pooling, bidirectional, inputDropout, recurrentDropout, outputDropout } = architecture;
  const inputs = form instanceof SequenceInput ? { inputSize: form.variables } : {};
  const first = vectorsOf(form, architecture, start);
  const recurrent = layerOf[cell]({
    ...{ units, layers, inputDropout, recurrentDropout, ...inputs },
    dropout: layers > 1 ? architecture.dropout : 0,
    returnSequences: pooling !== "last",
    ...(bidirectional ? { bidirectional: "concat" } : {}),
  });
  const stack = [...first, recurrent, ...poolingLayers(pooling, units), dropout(outputDropout), dense({ units: labels })];
  return sequential(stack, { seed });
}

function vectorsOf(
  form: InputForm,
  { cell, embeddingUnits, characterUnits, embeddingDropout: rate }: ClassifierArchitecture,
  { vectors = new Map(), trainable = true }: WordStart,
): Layer[] {
  if (form instanceof TextInput) {
    return [embedding({ vocabularySize: form.vocabulary.size, units: embeddingUnits, dropout: rate, vectors, trainable })];
  }
  if (!(form instanceof SpelledTextInput)) return [];
  const sizes = { words: form.words.size, characters: form.characters.size, wordUnits: embeddingUnits, characterUnits };
  return [wordCharacters({ ...sizes, cell, dropout: rate, vectors, trainableWords: trainable })];
}

function poolingLayers(pooling: PoolingName, units: number): Layer[] {
  switch (pooling) {
    case "last":
      return [];
    case "mean":
      return [meanOverTime()];
    case "max":
      return [maxOverTime()];
    case "attention":
      return [attentionPooling({ units })];
  }
}

function rowNetwork(architecture: ClassifierArchitecture, form: RowInput, labels: number, seed: Seed): ClassifierNetwork {
  const { embedded, numbers } = form;
  const vectors = embedded.map(({ categories }) => ({ size: categories.length + 1, units: unitsFor(categories.length) }));
  const inputSize = vectors.reduce((total, { units }) => total + units, numbers);
  const body = sequential(denseStack(architecture, inputSize, labels), { seed });
  if (embedded.length === 0) return body;
  const lookups = vectors.map(({ size, units }, index): [string, Layer] => [
    `vectors${index}`,
    embedding({ vocabularySize: size, units }),
  ]);
  return model<Readonly<Record<string, Layer | Sequential>>, Tensor, Tensor>(
    { ...Object.fromEntries(lookups), body },
    (layers, rows) => {
      const found = lookups.map(([name], index) =>
        (layers[name] as ReturnType<typeof embedding>).apply(indicesAt(rows, numbers + index)),
      );
      const columns = numbers > 0 ? [numbersOf(rows, numbers), ...found] : found;
      return (layers.body as Sequential).apply(concat(columns, 1));
    },
    { seed },
  );
}

function denseStack({ units, layers, dropout: rate }: ClassifierArchitecture, inputSize: number, labels: number): Layer[] {
  const hidden = Array.from({ length: layers }, (_, index) => [
    dense({ units, activation: "relu", ...(index === 0 ? { inputSize } : {}) }),
    dropout(rate),
  ]);
  return [...hidden.flat(), dense({ units: labels })];
}

/** Features of a category's vector: the fourth root of how many there are, times 4. */
function unitsFor(categories: number): number {
  return Math.ceil(4 * categories ** 0.25);
}

/** A column of rows as indices, [batch]. */
function indicesAt({ data, shape }: Tensor, column: number): Tensor {
  const [rows, width] = shape as [number, number];
  return Tensor.owning(
    Int32Array.from({ length: rows }, (_, row) => data[row * width + column] as number),
    [rows],
  );
}

/** The first columns of rows, [batch, count]. */
function numbersOf({ data, shape }: Tensor, count: number): Tensor {
  const [rows, width] = shape as [number, number];
  const numbers = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < count; column++) numbers[row * count + column] = data[row * width + column] as number;
  }
  return Tensor.owning(numbers, [rows, count]);
}
