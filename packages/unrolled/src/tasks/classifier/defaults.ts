import type { CellName } from "../cell-name.js";
import type { TrainingDefaults } from "../training-options.js";
import type { InputName } from "./examples.js";

/** What defaults are chosen by. */
export interface DataSize {
  readonly input: InputName;
  /** To train on. */
  readonly examples: number;
}

/** What a classifier is made and trained with where nothing else is said. */
export interface ClassifierDefaults extends TrainingDefaults {
  readonly cell: CellName;
  readonly units: number;
  readonly layers: number;
  readonly dropout: number;
  readonly embeddingDropout: number;
  readonly inputDropout: number;
  readonly recurrentDropout: number;
  readonly outputDropout: number;
}

/**
 * More examples carry more units and need less dropout and fewer epochs; early stopping decides how many there are. Chosen on validation
 * parts of the data in `benchmarks/quality` and on generated data of 100 to 50,000 examples.
 */
export function defaultsFor({ input, examples }: DataSize): ClassifierDefaults {
  const isSmall = examples < 1000;
  const isLarge = examples >= 20_000;
  const regular = isSmall ? 0.5 : isLarge ? 0.2 : 0.3;
  const isRow = input === "row";
  return {
    cell: "lstm",
    units: isRow ? (isLarge ? 256 : isSmall ? 32 : 64) : isLarge ? 128 : isSmall ? 32 : 64,
    layers: isRow ? 2 : 1,
    dropout: isRow && !isSmall ? 0.2 : 0,
    embeddingDropout: 0,
    inputDropout: input === "text" ? regular : 0,
    recurrentDropout: 0,
    outputDropout: isRow ? 0 : regular,
    epochs: isSmall ? 100 : isLarge ? 20 : 40,
    patience: isSmall ? 10 : isLarge ? 3 : 5,
    batchSize: isSmall ? 16 : isLarge ? 64 : 32,
    learningRate: isRow ? 1e-3 : isSmall ? 4e-3 : 2e-3,
  };
}
