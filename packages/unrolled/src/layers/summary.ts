import type { Parameter } from "../tensor/parameter.js";
import { ElementwiseLayer } from "./elementwise-layer.js";
import type { ImageExtent } from "./image-extent.js";
import type { Layer } from "./layer.js";
import { Recurrent } from "./recurrent.js";
import { imagesBehind, timeBehind, timeInFrontOf } from "./time.js";

/** One line of a summary. */
interface SummaryRow {
  readonly name: string;
  /** The shape that it gives. */
  readonly output: string;
  readonly parameters: readonly Parameter[];
}

/** A table of layers one after another: layer, the shape that it gives, how many numbers its weights are. */
export function summarize(layers: readonly Layer[]): string {
  const [first] = layers;
  // indices are shown with time, which most of them have
  let timed = first && (first.input.kind !== "features" || timeInFrontOf(first));
  let images: ImageExtent | undefined;
  const rows = layers.map((layer) => {
    timed = timeBehind(layer, timed);
    images = imagesBehind(layer, images);
    const output = `[batch, ${images ? extentText(images) : timed ? "time, " : ""}${layer.outputSize}]`;
    return { name: nameOf(layer), output, parameters: layer.parameters };
  });
  return table(rows);
}

/** The same of layers by their names, which may be called in any order on anything that fits. */
export function summarizeByName(layers: Iterable<readonly [name: string, layer: Layer]>): string {
  const rows = Array.from(layers, ([name, layer]) => {
    const timed = timeBehind(layer, undefined);
    const images = imagesBehind(layer, undefined);
    const time = images ? extentText(images) : timed === undefined ? "…, " : timed ? "time, " : "";
    const size = layer instanceof ElementwiseLayer ? "features" : layer.outputSize;
    return { name: `${name} (${nameOf(layer)})`, output: `[batch, ${time}${size}]`, parameters: layer.parameters };
  });
  return table(rows);
}

function extentText({ height, width }: ImageExtent): string {
  return `${height}, ${width ?? "width"}, `;
}

/** What two layers share is counted at the first. */
function table(rows: readonly SummaryRow[]): string {
  const counted = new Set<Parameter>();
  const lines = rows.map(({ name, output, parameters }) => {
    const own = parameters.filter((parameter) => !counted.has(parameter));
    for (const parameter of own) counted.add(parameter);
    return [name, output, sizeOfAll(own)];
  });
  const frozen = [...counted].filter((parameter) => !parameter.trainable);
  const trained = [...counted].filter((parameter) => parameter.trainable);
  const apart = [
    ["trained", "", sizeOfAll(trained)],
    ["frozen", "", sizeOfAll(frozen)],
  ];
  const total = ["total", "", sizeOfAll([...counted])];
  const cells = [["layer", "output", "parameters"], ...lines, total, ...(frozen.length > 0 ? apart : [])];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] as string).length)));
  return cells
    .map(([name = "", output = "", count = ""]) =>
      [name.padEnd(widths[0] as number), output.padEnd(widths[1] as number), count.padStart(widths[2] as number)].join("  "),
    )
    .join("\n");
}

function nameOf(layer: Layer): string {
  return layer instanceof Recurrent && layer.layers > 1 ? `${layer.kind} × ${layer.layers}` : layer.kind;
}

function sizeOfAll(parameters: readonly Parameter[]): string {
  return parameters.reduce((count, { size }) => count + size, 0).toLocaleString("en");
}
