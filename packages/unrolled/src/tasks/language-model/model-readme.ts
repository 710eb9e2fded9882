import type { LanguageModelParts } from "./parts.js";

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describe({ network, vocabulary, trainedWith, history }: LanguageModelParts): string {
  const { cell, units, layers, trainCharacters, validationCharacters, seed } = trainedWith;
  const last = history.epochs.at(-1);
  const rows = history.epochs.map(
    ({ epoch, step, loss, validationLoss }) =>
      `| ${[epoch, step, loss.toFixed(4), validationLoss?.toFixed(4) ?? ""].join(" | ")} |`,
  );
  return `# Language model

A character language model: ${layers > 1 ? `${layers} layers` : "one layer"} of ${units} ${cell.toUpperCase()} units,
${network.parameterCount.toLocaleString("en")} parameters, ${vocabulary.size - 1} characters. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${trainCharacters.toLocaleString("en")} characters and validated on ${validationCharacters.toLocaleString("en")}
(seed ${seed}), ${history.steps.toLocaleString("en")} steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.
${last?.validationLoss === undefined ? "" : `Validation loss: ${last.validationLoss.toFixed(4)} nats, ${(last.validationLoss / Math.LN2).toFixed(4)} bits per character.\n`}
| epoch | step | training loss | validation loss |
| --- | --- | --- | --- |
${rows.join("\n")}

\`\`\`ts
import { loadModel } from "unrolled/tasks";
import { folder } from "unrolled/node";

const model = await loadModel(folder("."));
for await (const piece of model.generate("", { length: 200, temperature: 0.8 })) process.stdout.write(piece);
\`\`\`
`;
}
