import { nameOf } from "../../data/text/vocabulary.js";
import type { CaptionerParts } from "./parts.js";

const ABOUT = { image: "a picture", vector: "a vector of numbers", label: "a label", sentence: "a sentence" };

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describe({ network, target, trainedWith, history }: CaptionerParts): string {
  const { input, cell, units, layers, attention, trainExamples, seed } = trainedWith;
  const number = (value: number) => value.toLocaleString("en");
  const token = nameOf(target.vocabulary.tokens);
  const rows = history.epochs.map(({ epoch, step, loss, validationLoss }) =>
    [epoch, step, loss.toFixed(4), validationLoss?.toFixed(4) ?? ""].join(" | "),
  );
  return `# Captioner

Writes a text about ${ABOUT[input]}, by ${token}s, of which it knows ${number(target.vocabulary.size - 1)}: ${layers > 1 ? `${layers} layers` : "one layer"} of ${cell.toUpperCase()} with
${units} units that write, with ${attention} attention; ${number(network.parameterCount)} parameters. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${number(trainExamples)} examples (seed ${seed}), ${number(history.steps)} steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.${history.best ? `\nThe weights are those of epoch ${history.best.epoch}, the best on the validation data: loss ${history.best.value.toFixed(4)}.` : ""}

| epoch | step | training loss | validation loss |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}

Losses are nats per ${token} of the text.

\`\`\`ts
import { loadModel } from "unrolled/tasks";
import { folder } from "unrolled/node";

const model = await loadModel(folder("."));
if (model.task === "captioner") console.log((await model.predict(${input})).text);
\`\`\`
`;
}
