import type { Command } from "commander";
import type { Host } from "../host.js";
import { addTrainCaptionerCommand } from "./train-captioner.js";
import { addTrainClassifierCommand } from "./train-classifier.js";
import { addTrainForecasterCommand } from "./train-forecaster.js";
import { addTrainLanguageModelCommand } from "./train-language-model.js";
import { addTrainTaggerCommand } from "./train-tagger.js";
import { addTrainTranslatorCommand } from "./train-translator.js";

/** `unrolled train <task> <data…>`: one command below it for each task. */
export function addTrainCommand(program: Command, host: Host, answer: (code: number) => void): void {
  const train = program
    .command("train")
    .summary("train a model on your data and save it")
    .description("Trains a model for a task on your data and saves it.")
    .usage("<task> <data...> [options]")
    .commandsGroup("Tasks:")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Examples:
  ${program.name()} train classifier reviews.csv
  ${program.name()} train tagger sentences.conll
  ${program.name()} train forecaster passengers.csv --horizon 12
  ${program.name()} train translator fra.txt
  ${program.name()} train captioner photos/ --image-height 32
  ${program.name()} train language-model book.txt --units 256 --epochs 10

Each task has options: ${program.name()} train classifier --help`,
    );
  addTrainClassifierCommand(train, host, answer);
  addTrainTaggerCommand(train, host, answer);
  addTrainForecasterCommand(train, host, answer);
  addTrainTranslatorCommand(train, host, answer);
  addTrainCaptionerCommand(train, host, answer);
  addTrainLanguageModelCommand(train, host, answer);
}
