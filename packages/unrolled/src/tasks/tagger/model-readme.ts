import { type TaggerParts, watchedBy } from "./parts.js";

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describe({ network, lexicon, trainedWith, history }: Omit<TaggerParts, "field" | "baseline">): string {
  const { cell, units, layers, bidirectional, spelling, crf, trainExamples, trainTokens, seed } = trainedWith;
  const number = (value: number) => value.toLocaleString("en");
  const watched = watchedBy(trainedWith);
  const measures = ["accuracy", ...(watched === "f1" ? ["f1"] : [])];
  const rows = history.epochs.map(({ epoch, step, loss, validationLoss, validationMetrics = {} }) => {
    const measured = [loss, validationLoss, ...measures.map((name) => validationMetrics[name])];
    return [epoch, step, ...measured.map((value) => value?.toFixed(4) ?? "")].join(" | ");
  });
  return `# Tagger

Gives each token of a sentence one of ${number(lexicon.tags.length)} tags: ${layers > 1 ? `${layers} layers` : "one layer"} of ${units} ${cell.toUpperCase()} units${bidirectional ? " in both directions" : ""},
over ${number(lexicon.words.length - 1)} words${spelling === "none" ? "" : ` and the ${spelling} in them`}${crf ? ", with a conditional random field" : ""}; ${number(network.parameterCount)} parameters. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${number(trainExamples)} sentences of ${number(trainTokens)} tokens (seed ${seed}), ${number(history.steps)} steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.${history.best ? `\nThe weights are those of epoch ${history.best.epoch}, the best on the validation data: ${watched} ${history.best.value.toFixed(4)}.` : ""}

| epoch | step | training loss | validation loss | ${measures.map((name) => `validation ${name}`).join(" | ")} |
| --- | --- | --- | --- | ${measures.map(() => "---").join(" | ")} |
${rows.map((row) => `| ${row} |`).join("\n")}

Losses are nats per token. Tags: ${lexicon.tags.map((tag) => `\`${tag}\``).join(" ")}

\`\`\`ts
import { loadModel } from "unrolled/tasks";
import { folder } from "unrolled/node";

const model = await loadModel(folder("."));
if (model.task === "tagger") console.log((await model.predict(["Ann", "sings", "."])).tags);
\`\`\`
`;
}
