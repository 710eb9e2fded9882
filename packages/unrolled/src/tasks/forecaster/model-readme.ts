import type { ForecasterParts } from "./plan.js";
import { describeStep } from "./time-step.js";

/** A model's README: what it is, what it was trained on, how well it does, how it is used. */
export function describe({ network, plan, trainedWith, history }: ForecasterParts): string {
  const { targets, known, observed, horizon, context, cell, units, layers, intervals, level, trainSteps, validationSteps, seed } =
    trainedWith;
  const best = history.best ?? history.epochs.at(-1);
  const rows = history.epochs.map(
    ({ epoch, step, loss, validationLoss }) =>
      `| ${[epoch, step, loss.toFixed(4), validationLoss?.toFixed(4) ?? ""].join(" | ")} |`,
  );
  const reads = [...observed.map((column) => `\`${column}\``), ...known.map((column) => `\`${column}\` (known in advance)`)];
  return `# Forecaster

Foretells ${targets.map((column) => `\`${column}\``).join(", ")} ${counted(horizon, "step")} ahead from ${counted(context, "step")} of ${describeStep(plan.step, plan.form !== "number")}
before${reads.length > 0 ? `, reading ${reads.join(", ")} besides` : ""}. ${layers > 1 ? `${layers} layers` : "One layer"} of ${units} ${cell.toUpperCase()} units,
${network.parameterCount.toLocaleString("en")} parameters${intervals === "none" ? "" : `; ${Math.round(100 * level)} % of the truth shall lie within its bounds`}. Made with unrolled.

\`\`\`
${network.summary()}
\`\`\`

Trained on ${trainSteps.toLocaleString("en")} steps and validated on the ${validationSteps.toLocaleString("en")} that follow
(seed ${seed}), ${history.steps.toLocaleString("en")} optimizer steps in ${Math.round(history.seconds)} s${history.interrupted ? ", interrupted" : ""}.
${best === undefined ? "" : `The weights are those of epoch ${best.epoch}.\n`}
| epoch | step | training loss | validation loss |
| --- | --- | --- | --- |
${rows.join("\n")}

\`\`\`ts
import { loadModel } from "unrolled/tasks";
import { folder } from "unrolled/node";

const model = await loadModel(folder("."));
if (model.task === "forecaster") console.log(await model.predict());
\`\`\`
`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
