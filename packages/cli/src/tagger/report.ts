import type { Tagger, TaggerExample, TaggerMetrics } from "unrolled/tasks";
import { architecture } from "../display/architecture.js";
import { count, counted } from "../display/quantities.js";
import { scoreTable } from "../display/score-table.js";
import type { DividedExamples } from "../examples/divided-examples.js";
import { shellQuoted } from "../shell-quoted.js";
import { type Audience, savedIn, stoppedAt } from "../training/report.js";
import type { TrainingRun } from "../training/training-run.js";

/** Types of entities, or tags, that are told of by themselves: the most frequent ones. */
const MOST_SHOWN = 20;

/** How well a tagger does. */
interface TaggerMeasures {
  readonly validation: TaggerMetrics;
  readonly test: TaggerMetrics;
  readonly baseline: { readonly mostFrequentTag: TaggerMetrics["baseline"] };
}

/** Measures a tagger on what it was not trained on. */
export async function measureTagger(
  model: Tagger,
  { validation, test }: DividedExamples<TaggerExample>,
): Promise<TaggerMeasures> {
  const measured = { validation: await model.evaluate(validation), test: await model.evaluate(test) };
  return { ...measured, baseline: { mostFrequentTag: measured.test.baseline } };
}

/** The metrics by the names of the command line's contract. */
export function taggerScores({ accuracy, f1, loss }: TaggerMetrics) {
  return { accuracy, f1, loss };
}

/** Scores of a model and of the most frequent tag of each word, then of each type of entity, or each tag. */
export function taggerTable(title: string, { trainedWith }: Tagger, metrics: TaggerMetrics): string[] {
  const { accuracy, f1, loss, baseline, scores, tokens, unknown, unknownAccuracy } = metrics;
  const name = `${architecture(trainedWith)}${trainedWith.crf ? ", random field" : ""}`;
  const types = Object.entries(scores).sort(([, one], [, other]) => other.support - one.support);
  const strange = unknownAccuracy === undefined ? "" : `, ${unknownAccuracy.toFixed(3)} of them right`;
  return [
    ...scoreTable(
      `${title}, ${counted(tokens, "token")}`,
      ["accuracy", "f1", "loss"],
      [
        { name, scores: { accuracy, f1, loss } },
        { name: "each word's most frequent tag", scores: { ...baseline } },
      ],
    ),
    `  ${count(unknown)} tokens are words that the model doesn't know${strange}.`,
    ...(accuracy < 1 && accuracy <= baseline.accuracy && f1 <= baseline.f1
      ? ["", "The network is no better than each word's most frequent tag here; more examples or epochs may help."]
      : []),
    "",
    ...scoreTable(
      trainedWith.marksEntities ? "Entities" : "Tags",
      ["precision", "recall", "f1", "support"],
      types.slice(0, MOST_SHOWN).map(([type, own]) => ({ name: type, scores: { ...own } })),
      { support: count },
    ),
    ...(types.length > MOST_SHOWN ? [`  … and ${types.length - MOST_SHOWN} rarer ones`] : []),
  ];
}

/** What the user reads at the end of a training. */
export function taggerReport(
  run: TrainingRun<Tagger>,
  measures: TaggerMeasures | undefined,
  { folder, program }: Audience,
): string {
  const results = measures ? taggerTable("Test", run.model, measures.test) : [stoppedAt(run)];
  const next = `Ask it:\n  ${program} predict ${shellQuoted(folder)} ${shellQuoted("A sentence of yours.")}`;
  return [...results, "", ...savedIn(run, folder, next)].join("\n");
}
