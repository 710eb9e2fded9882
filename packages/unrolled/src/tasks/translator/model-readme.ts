import { nameOf } from "../../data/text/vocabulary.js";
import type { TextSide } from "../writing/text-side.js";
import type { TranslatorParts } from "./parts.js";

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describe({ network, source, target, trainedWith, history }: TranslatorParts): string {
  const { cell, units, layers, encoderLayers, bidirectional, attention, trainExamples, seed } = trainedWith;
  const number = (value: number) => value.toLocaleString("en");
  const side = ({ vocabulary }: TextSide) => `${nameOf(vocabulary.tokens)}s, of which it knows ${number(vocabulary.size - 1)}`;
  const layersOf = (count: number) => (count > 1 ? `${count} layers` : "one layer");
  const rows = history.epochs.map(({ epoch, step, loss, validationLoss }) =>
    [epoch, step, loss.toFixed(4), validationLoss?.toFixed(4) ?? ""].join(" | "),
  );
  return `# Translator

Reads a text by ${side(source.side)}, and writes another by ${side(target)}: ${layersOf(encoderLayers)} of ${cell.toUpperCase()} that read${bidirectional ? " in both directions" : ""}, ${layersOf(layers)} of
${units} units that write, with ${attention} attention; ${number(network.parameterCount)} parameters. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${number(trainExamples)} pairs (seed ${seed}), ${number(history.steps)} steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.${history.best ? `\nThe weights are those of epoch ${history.best.epoch}, the best on the validation data: loss ${history.best.value.toFixed(4)}.` : ""}

| epoch | step | training loss | validation loss |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}

Losses are nats per ${nameOf(target.vocabulary.tokens)} of the target.

\`\`\`ts
import { loadModel } from "unrolled/tasks";
import { folder } from "unrolled/node";

const model = await loadModel(folder("."));
if (model.task === "translator") console.log((await model.predict("…")).text);
\`\`\`
`;
}
