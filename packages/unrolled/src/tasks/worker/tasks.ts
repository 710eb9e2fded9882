import { trainAndSaveCaptioner } from "../captioner/train.js";
import { trainAndSaveClassifier } from "../classifier/train.js";
import { trainAndSaveForecaster } from "../forecaster/train.js";
import { trainAndSaveLanguageModel } from "../language-model/train.js";
import { trainAndSaveTagger } from "../tagger/train.js";
import { trainAndSaveTranslator } from "../translator/train.js";
import type { TrainAndSave } from "./train-for-page.js";

/** The tasks that a worker can be asked for, by the `task` of their models. */
export const tasks: Readonly<Record<string, TrainAndSave>> = {
  captioner: trainAndSaveCaptioner,
  classifier: trainAndSaveClassifier,
  forecaster: trainAndSaveForecaster,
  "language-model": trainAndSaveLanguageModel,
  tagger: trainAndSaveTagger,
  translator: trainAndSaveTranslator,
};
