import type { Layer } from "./layer.js";
import { Recurrent } from "./recurrent.js";

/** A table: layer, the shape that it gives, how many numbers it trains. */
export function summarize(layers: readonly Layer[]): string {
  const first = layers[0];
  let timed = first !== undefined && (first.input.kind === "indices" || first.input.time === "required");
  const rows = layers.map((layer) => {
    if (layer instanceof Recurrent) timed = layer.returnSequences;
    const shape = timed ? `[batch, time, ${layer.outputSize}]` : `[batch, ${layer.outputSize}]`;
    return [nameOf(layer), shape, layer.parameters.reduce((count, { size }) => count + size, 0)] as const;
  });
  const total = rows.reduce((sum, row) => sum + row[2], 0);
  const cells = [["layer", "output", "parameters"], ...rows.map((row) => row.map(display)), ["total", "", display(total)]];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] as string).length)));
  return cells
    .map(([name = "", shape = "", count = ""]) =>
      [name.padEnd(widths[0] as number), shape.padEnd(widths[1] as number), count.padStart(widths[2] as number)].join("  "),
    )
    .join("\n");
}

function nameOf(layer: Layer): string {
  return layer instanceof Recurrent && layer.layers > 1 ? `${layer.kind} × ${layer.layers}` : layer.kind;
}

function display(value: string | number): string {
  return typeof value === "number" ? value.toLocaleString("en") : value;
}
