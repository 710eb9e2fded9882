import type { TokenUnit } from "../../data/text/tokenizer.js";
import { nameOf } from "../../data/text/vocabulary.js";
import type { LanguageModelParts } from "./parts.js";

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describe({ network, vocabulary, trainedWith, history }: LanguageModelParts): string {
  const { cell, units, layers, tokens, trainTokens, validationTokens, seed } = trainedWith;
  const token = nameOf(tokens);
  const last = history.epochs.at(-1);
  const rows = history.epochs.map(
    ({ epoch, step, loss, validationLoss }) =>
      `| ${[epoch, step, loss.toFixed(4), validationLoss?.toFixed(4) ?? ""].join(" | ")} |`,
  );
  return `# Language model

A ${token} language model: ${layers > 1 ? `${layers} layers` : "one layer"} of ${units} ${cell.toUpperCase()} units,
${network.parameterCount.toLocaleString("en")} parameters, ${vocabulary.size - 1} ${token}s. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${trainTokens.toLocaleString("en")} ${token}s and validated on ${validationTokens.toLocaleString("en")}
(seed ${seed}), ${history.steps.toLocaleString("en")} steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.
${last?.validationLoss === undefined ? "" : `Validation loss: ${measured(last.validationLoss, tokens)}.\n`}
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

function measured(loss: number, tokens: TokenUnit): string {
  const nats = `${loss.toFixed(4)} nats`;
  if (tokens === "char") return `${nats}, ${(loss / Math.LN2).toFixed(4)} bits per character`;
  return `${nats} per ${nameOf(tokens)}, a perplexity of ${Math.exp(loss).toFixed(2)}`;
}
