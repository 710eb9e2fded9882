import { readFileSync } from "node:fs";
import type { FixtureTensor } from "../../cells/testing/fixtures.js";
import type { AdagradOptions } from "../optimizers/adagrad.js";
import type { AdamWOptions } from "../optimizers/adamw.js";
import type { RmspropOptions } from "../optimizers/rmsprop.js";
import type { SgdOptions } from "../optimizers/sgd.js";

/** Golden values by PyTorch in float64, as ../fixtures/generate.py writes them. */

type WeightAndBias = Readonly<Record<"weight" | "bias", FixtureTensor>>;

/** The parameters after each step with the step's gradients. */
export type OptimizerFixture = {
  readonly name: string;
  readonly initial: WeightAndBias;
  readonly steps: readonly { readonly gradients: WeightAndBias; readonly parameters: WeightAndBias }[];
} & (
  | { readonly optimizer: "sgd"; readonly options: SgdOptions }
  | { readonly optimizer: "rmsprop"; readonly options: RmspropOptions }
  | { readonly optimizer: "adagrad"; readonly options: AdagradOptions }
  | { readonly optimizer: "adamw"; readonly options: AdamWOptions }
);

interface LossAndGradient {
  readonly loss: number;
  /** Of the output. */
  readonly gradient: FixtureTensor;
}

/** Mean cross-entropy; ignored targets are −100. */
export interface CrossEntropyFixture extends LossAndGradient {
  readonly name: string;
  readonly logits: FixtureTensor;
  readonly targets: readonly number[];
  readonly classWeights: readonly number[] | null;
  readonly labelSmoothing: number;
}

/** A loss of numbers, as the mean of all rows and weighted. */
export interface ValueLossFixture {
  readonly name: string;
  readonly lossName: string;
  readonly options: object | null;
  readonly output: FixtureTensor;
  readonly targets: FixtureTensor;
  readonly weights: FixtureTensor;
  readonly plain: LossAndGradient;
  readonly weighted: LossAndGradient;
}

/** Factors of the learning rate, step by step from step 0. */
export interface ScheduleFixture {
  readonly name: string;
  readonly schedule: string;
  readonly options: object;
  readonly factors: readonly number[];
}

interface Fixtures {
  optimizers: readonly OptimizerFixture[];
  "cross-entropy": readonly CrossEntropyFixture[];
  "value-losses": readonly ValueLossFixture[];
  schedules: readonly ScheduleFixture[];
}

/** The fixtures of one subject. */
export function readFixtures<S extends keyof Fixtures>(subject: S): Fixtures[S] {
  return JSON.parse(readFileSync(new URL(`../fixtures/${subject}.json`, import.meta.url), "utf8")) as Fixtures[S];
}
