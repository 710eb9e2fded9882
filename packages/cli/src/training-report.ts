import type { TokenUnit } from "unrolled/tasks";
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
  /** `undefined` if they were not counted. */
  readonly baselines: readonly { name: string; loss: number }[] | undefined;
}

/** Measures a model that was trained to its end. Whoever interrupts does not want to wait: then only what is known already. */
export async function measure(run: TrainingRun, { parts, test }: DividedText): Promise<Measures> {
  if (run.interrupted) return { validation: run.validationLoss, test: undefined, baselines: undefined };
  const { model } = run;
  return {
    validation: run.validationLoss,
    test: test === undefined ? undefined : (await model.evaluate(test)).loss,
    baselines: countBaselines(model.vocabulary, parts),
  };
}

/** One JSON object with what the command line promises. */
export function reportAsJson(run: TrainingRun, measures: Measures, folder: string): string {
  const { tokens } = run.model.vocabulary;
  const losses = Object.entries({ train: run.loss, validation: measures.validation, test: measures.test });
  return JSON.stringify({
    task: run.model.task,
    parameters: run.model.parameterCount,
    epochs: run.epoch,
    steps: run.step,
    metrics: Object.fromEntries(
      losses.flatMap(([part, loss]) => (loss === undefined ? [] : [[part, textMetrics(loss, tokens)]])),
    ),
    baseline: Object.fromEntries((measures.baselines ?? []).map(({ name, loss }) => [name, textMetrics(loss, tokens)])),
    seconds: Math.round(run.seconds * 1000) / 1000,
    interrupted: run.interrupted,
    model: folder,
  });
}

/** What the user reads at the end; `program` is how they call this command. */
export function reportAsText(run: TrainingRun, measures: Measures, folder: string, program: string): string {
  const name = architecture(run.model);
  const { tokens } = run.model.vocabulary;
  const { validation, test, baselines } = measures;
  const results = run.interrupted
    ? [`Stopped at step ${count(run.step)} of ${count(run.steps)}; the same command with --resume goes on from there.`]
    : [
        ...table("Validation", tokens, [{ name, loss: validation }, ...(baselines ?? [])]),
        ...(baselines === undefined ? ["The text is too long to count n-gram models."] : []),
        ...(test === undefined ? [] : ["", ...table("Test", tokens, [{ name, loss: test }])]),
        "",
      ];
  return [
    ...results,
    `Saved in ${folder}: ${count(run.model.parameterCount)} parameters, trained for ${duration(run.seconds)}. Let it write:`,
    `  ${program} generate ${shellQuoted(folder)} --length ${tokens === "char" ? 500 : 100} --temperature 0.8`,
  ].join("\n");
}

function table(part: string, tokens: TokenUnit, rows: readonly { name: string; loss: number | undefined }[]): string[] {
  return lossTable(
    part,
    tokens,
    rows.flatMap(({ name, loss }) => (loss === undefined ? [] : [{ name, loss }])),
  );
}
