import { charactersPerToken, type TokenUnit } from "unrolled/tasks";
import { architecture } from "./architecture.js";
import { countBaselines } from "./baselines.js";
import { lossTable } from "./display/loss-table.js";
import { count, duration } from "./display/quantities.js";
import type { DividedText } from "./held-out-text.js";
import { shellQuoted } from "./shell-quoted.js";
import { textMetrics } from "./text-metrics.js";
import type { TrainingRun } from "./training-run.js";

/** How well a trained model predicts, and the n-gram models beside it; losses in nats per token. */
interface Measures {
  readonly validation: number | undefined;
  readonly test: number | undefined;
  /** Characters of a token in the text that validates and in that which tests, where tokens tell them all. */
  readonly charactersPerToken: { readonly validation: number | undefined; readonly test: number | undefined };
  /** `undefined` if they were not counted. */
  readonly baselines: readonly { name: string; loss: number }[] | undefined;
}

/** Measures a model that was trained to its end. Whoever interrupts does not want to wait: then only what is known already. */
export async function measure(run: TrainingRun, { parts, test }: DividedText): Promise<Measures> {
  const { model } = run;
  const { vocabulary } = model;
  if (run.interrupted) {
    const known = vocabulary.tokens === "char" ? 1 : undefined;
    return {
      validation: run.validationLoss,
      test: undefined,
      charactersPerToken: { validation: known, test: known },
      baselines: undefined,
    };
  }
  return {
    validation: run.validationLoss,
    test: test === undefined ? undefined : (await model.evaluate(test)).loss,
    charactersPerToken: {
      validation: charactersPerToken(vocabulary, parts.validation),
      test: test === undefined ? undefined : charactersPerToken(vocabulary, test),
    },
    baselines: countBaselines(vocabulary, parts),
  };
}

/** One JSON object with what the command line promises. */
export function reportAsJson(run: TrainingRun, measures: Measures, folder: string): string {
  const { validation, test } = measures.charactersPerToken;
  const losses = [
    ["train", run.loss, run.model.vocabulary.tokens === "char" ? 1 : undefined],
    ["validation", measures.validation, validation],
    ["test", measures.test, test],
  ] as const;
  return JSON.stringify({
    task: run.model.task,
    parameters: run.model.parameterCount,
    epochs: run.epoch,
    steps: run.step,
    metrics: Object.fromEntries(
      losses.flatMap(([part, loss, characters]) => (loss === undefined ? [] : [[part, textMetrics(loss, characters)]])),
    ),
    baseline: Object.fromEntries((measures.baselines ?? []).map(({ name, loss }) => [name, textMetrics(loss, validation)])),
    seconds: Math.round(run.seconds * 1000) / 1000,
    interrupted: run.interrupted,
    model: folder,
  });
}

/** What the user reads at the end; `program` is how they call this command. */
export function reportAsText(run: TrainingRun, measures: Measures, folder: string, program: string): string {
  const name = architecture(run.model);
  const { tokens } = run.model.vocabulary;
  const { validation, test, charactersPerToken, baselines } = measures;
  const results = run.interrupted
    ? [`Stopped at step ${count(run.step)} of ${count(run.steps)}; the same command with --resume goes on from there.`]
    : [
        ...table("Validation", tokens, [{ name, loss: validation }, ...(baselines ?? [])], charactersPerToken.validation),
        ...(baselines === undefined ? ["The text is too long to count n-gram models."] : []),
        ...(test === undefined ? [] : ["", ...table("Test", tokens, [{ name, loss: test }], charactersPerToken.test)]),
        "",
      ];
  return [
    ...results,
    `Saved in ${folder}: ${count(run.model.parameterCount)} parameters, trained for ${duration(run.seconds)}. Let it write:`,
    `  ${program} generate ${shellQuoted(folder)} --length ${tokens === "char" ? 500 : 100} --temperature 0.8`,
  ].join("\n");
}

function table(
  part: string,
  tokens: TokenUnit,
  rows: readonly { name: string; loss: number | undefined }[],
  charactersPerToken: number | undefined,
): string[] {
  return lossTable(
    part,
    tokens,
    rows.flatMap(({ name, loss }) => (loss === undefined ? [] : [{ name, loss }])),
    charactersPerToken,
  );
}
