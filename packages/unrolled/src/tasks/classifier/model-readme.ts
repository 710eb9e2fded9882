import { nameOf } from "../../data/text/vocabulary.js";
import type { ClassifierParts } from "./parts.js";
import { RowInput } from "./row-input.js";
import { SequenceInput } from "./sequence-input.js";
import { SpelledTextInput } from "./spelled-text-input.js";
import { TextInput } from "./text-input.js";

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describeClassifier(parts: ClassifierParts): string {
  const { network, labels, labelCounts, trainedWith, history } = parts;
  const { trainExamples, validationExamples, seed } = trainedWith;
  const classes = labels.names.map((name, place) => `| ${name} | ${labelCounts[place]} |`);
  const epochs = history.epochs.map(({ epoch, step, loss, validationLoss, validationMetrics }) => {
    const accuracy = validationMetrics?.accuracy;
    return `| ${[epoch, step, ...[loss, validationLoss, accuracy].map((value) => value?.toFixed(4) ?? "")].join(" | ")} |`;
  });
  const { best } = history;
  return `# Classifier

Tells ${labels.size} ${labels.several ? "labels, of which an input may have several," : "classes"} apart by ${inputOf(parts)}. ${network.parameterCount.toLocaleString("en")} parameters. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${trainExamples.toLocaleString("en")} examples and validated on ${validationExamples.toLocaleString("en")} (seed ${seed}),
${history.steps.toLocaleString("en")} steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.${best ? ` The weights are those of epoch ${best.epoch}, which did best in validation.` : ""}

| class | training examples |
| --- | --- |
${classes.join("\n")}

| epoch | step | training loss | validation loss | validation accuracy |
| --- | --- | --- | --- | --- |
${epochs.join("\n")}

\`\`\`ts
import { loadModel } from "unrolled/tasks";
import { folder } from "unrolled/node";

const model = await loadModel(folder("."));
if (model.task === "classifier") console.log(await model.predict(${exampleOf(parts)}));
\`\`\`
`;
}

function inputOf({ form, trainedWith }: ClassifierParts): string {
  const { cell, units, layers, bidirectional } = trainedWith;
  const stack = `${layers > 1 ? `${layers} layers` : "one layer"} of ${units}${bidirectional ? ` + ${units}` : ""} ${cell.toUpperCase()} units`;
  if (form instanceof TextInput) {
    const token = `${nameOf(form.vocabulary.tokens)}s`;
    return `their text, read as ${token} of which ${form.vocabulary.size - 1} are known, with ${stack}`;
  }
  if (form instanceof SpelledTextInput) return `their text, read as words and the characters in them, with ${stack}`;
  if (form instanceof SequenceInput) return `sequences of ${form.variables} standardised variables, with ${stack}`;
  const columns = form instanceof RowInput ? form.columns.map(({ name }) => name).join(", ") : "";
  return `the columns ${columns}, with a dense network`;
}

function exampleOf({ form }: ClassifierParts): string {
  if (form instanceof SequenceInput) return JSON.stringify(form.nested ? [form.means] : form.means);
  if (!(form instanceof RowInput)) return JSON.stringify("Some text.");
  const cells = form.columns.map((column) => [
    column.name,
    column.kind === "number" ? column.mean : (column.categories[0] ?? null),
  ]);
  return JSON.stringify(form.unnamed ? cells.map(([, value]) => value) : Object.fromEntries(cells));
}
