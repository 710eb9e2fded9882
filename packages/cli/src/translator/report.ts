import type { Data } from "unrolled";
import {
  type Answering,
  nearestExample,
  type TextMetrics,
  type Translator,
  type TranslatorExample,
  type TranslatorMetrics,
} from "unrolled/tasks";
import { architecture } from "../display/architecture.js";
import { counted } from "../display/quantities.js";
import { scoreTable } from "../display/score-table.js";
import type { DividedExamples } from "../examples/divided-examples.js";
import { readerOf } from "../examples/in-memory.js";
import { shellQuoted } from "../shell-quoted.js";
import { noBetter } from "../training/no-better.js";
import { type Audience, savedIn, stoppedAt } from "../training/report.js";
import type { TrainingRun } from "../training/training-run.js";

/** Examples whose answers are shown. */
const SHOWN = 3;

/** How well a translator does. */
export interface TranslatorMeasures {
  readonly validation: TranslatorMetrics;
  readonly test: TranslatorMetrics;
  readonly baseline: { readonly nearestExample: TextMetrics };
  /** The first test examples with what the model makes of them. */
  readonly shown: readonly (TranslatorExample & { readonly answer: string })[];
}

/** Measures a translator on what it was not trained on. */
export async function measureTranslator(
  model: Translator,
  { train, validation, test }: DividedExamples<TranslatorExample>,
  beam: number | undefined,
): Promise<TranslatorMeasures> {
  const options = beam === undefined ? {} : { beam };
  const shown: TranslatorMeasures["shown"][number][] = [];
  for await (const example of readerOf(test)()) {
    shown.push({ ...example, answer: (await model.predict(example.source, options)).text });
    if (shown.length === SHOWN) break;
  }
  return {
    validation: await model.evaluate(validation, options),
    test: await model.evaluate(test, options),
    baseline: { nearestExample: await naiveScores(model, train, test) },
    shown,
  };
}

/** How well answers without a network do. */
async function naiveScores(
  model: Translator,
  train: Data<TranslatorExample>,
  test: Data<TranslatorExample>,
): Promise<TextMetrics> {
  const nearest = await nearestExample(train);
  const [answers, references]: [string[], string[]] = [[], []];
  for await (const { source, target } of readerOf(test)()) {
    answers.push(nearest.predict(source));
    references.push(target);
  }
  return model.measure(answers, references);
}

/** The metrics by the names of the command line's contract. */
export function translatorScores({ loss, perplexity, bleu, chrF, exactMatch, wordError }: TranslatorMetrics) {
  return { bleu, chrF, exactMatch, wordError, loss, perplexity };
}

/** Scores of a model, and of the nearest training example where that is known. */
export function translatorTable(
  title: string,
  { trainedWith }: Translator,
  metrics: TranslatorMetrics,
  naive?: TextMetrics,
): string[] {
  const { tokens, unknown, ...scores } = metrics;
  return [
    ...scoreTable(
      `${title}, ${counted(tokens, "token")}`,
      ["bleu", "chrF", "exactMatch", "wordError", "loss"],
      [
        { name: architecture(trainedWith), scores: translatorScores({ tokens, unknown, ...scores }) },
        ...(naive ? [{ name: "nearest training example", scores: { ...naive } }] : []),
      ],
    ),
    ...(naive ? noBetter(metrics, naive, "the nearest training example", "pairs") : []),
    ...(unknown === 0 ? [] : ["", `The model doesn't know ${counted(unknown, "token")} of the sources.`]),
  ];
}

/** A look at what a model writes while it is trained: the first validation example. */
export function sampleOf(model: Answering, validation: Data<TranslatorExample>): string {
  const [first] = typeof validation === "function" ? [] : validation;
  return first ? `${first.source} → ${model.answer(first.source)}` : "";
}

/** What the user reads at the end of a training. */
export function translatorReport(
  run: TrainingRun<Translator>,
  measures: TranslatorMeasures | undefined,
  { folder, program }: Audience,
): string {
  const results = measures
    ? [
        ...translatorTable("Test", run.model, measures.test, measures.baseline.nearestExample),
        ...measures.shown.flatMap(({ source, target, answer }) => ["", `  ${source}`, `  → ${answer}`, `  = ${target}`]),
      ]
    : [stoppedAt(run)];
  const next = `Ask it:\n  ${program} predict ${shellQuoted(folder)} ${shellQuoted(measures?.shown[0]?.source ?? "A text of yours.")}`;
  return [...results, "", ...savedIn(run, folder, next)].join("\n");
}
