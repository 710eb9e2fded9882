import { charactersPerToken, type LanguageModel, type TokenUnit } from "unrolled/tasks";
import { architecture } from "../display/architecture.js";
import { lossTable } from "../display/loss-table.js";
import { shellQuoted } from "../shell-quoted.js";
import { reportAsJson, savedIn, stoppedAt } from "../training/report.js";
import type { TrainingRun } from "../training/training-run.js";
import { countBaselines } from "./baselines.js";
import type { DividedText } from "./divided-text.js";
import { textMetrics } from "./text-metrics.js";

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
export async function measure(run: TrainingRun<LanguageModel>, { parts, test }: DividedText): Promise<Measures> {
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

/** What a model's losses and those of the n-gram models are, for the JSON object. */
function measured(run: TrainingRun<LanguageModel>, measures: Measures) {
  const { validation, test } = measures.charactersPerToken;
  const losses = [
    ["train", run.loss, run.model.vocabulary.tokens === "char" ? 1 : undefined],
    ["validation", measures.validation, validation],
    ["test", measures.test, test],
  ] as const;
  return {
    metrics: Object.fromEntries(
      losses.flatMap(([part, loss, characters]) => (loss === undefined ? [] : [[part, textMetrics(loss, characters)]])),
    ),
    baseline: Object.fromEntries((measures.baselines ?? []).map(({ name, loss }) => [name, textMetrics(loss, validation)])),
  };
}

/** What is written when a training ended; `program` is how the user calls this command. */
export function languageModelReport(
  run: TrainingRun<LanguageModel>,
  measures: Measures,
  { folder, program, json }: { readonly folder: string; readonly program: string; readonly json: boolean },
): string {
  return json ? reportAsJson(run, measured(run, measures), folder) : reportAsText(run, measures, folder, program);
}

/** What the user reads at the end. */
function reportAsText(run: TrainingRun<LanguageModel>, measures: Measures, folder: string, program: string): string {
  const name = architecture(run.model.trainedWith);
  const { tokens } = run.model.vocabulary;
  const { validation, test, charactersPerToken, baselines } = measures;
  const results = run.interrupted
    ? [stoppedAt(run)]
    : [
        ...table("Validation", tokens, [{ name, loss: validation }, ...(baselines ?? [])], charactersPerToken.validation),
        ...(baselines === undefined ? ["The text is too long to count n-gram models."] : []),
        ...(test === undefined ? [] : ["", ...table("Test", tokens, [{ name, loss: test }], charactersPerToken.test)]),
        "",
      ];
  return [
    ...results,
    ...savedIn(
      run,
      folder,
      `Let it write:\n  ${program} generate ${shellQuoted(folder)} --length ${tokens === "char" ? 500 : 100} --temperature 0.8`,
    ),
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
