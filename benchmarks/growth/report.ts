import type { Race } from "../speed/measure.js";
import { caseRecord, raceTables, titleOf } from "../speed/report.js";
import type { Table } from "../table.js";
import { type GrowthPoint, growths, type Quantity } from "./measure.js";

const HEADINGS: Readonly<Record<Quantity, string>> = {
  T: "Training step by time steps",
  B: "Training step by batch size",
  H: "Training step by hidden units",
  threads: "Training step by threads",
};

/** One table for each quantity that grows. */
export function growthTables(points: readonly GrowthPoint[]): Table[] {
  return growths.flatMap(({ quantity }) => {
    const those = points.filter((point) => point.quantity === quantity);
    const [table] = raceTables(those.map(({ race }) => race));
    if (!table) return [];
    const [, ...titles] = table.titles;
    const rows = table.rows.map(([name = "", ...cells], index) => [name, String(those[index]?.value), ...cells]);
    return [{ heading: HEADINGS[quantity], titles: ["median", quantity, ...titles], rows }];
  });
}

export function growthRecords(points: readonly GrowthPoint[]): object[] {
  return points.map(({ quantity, value, race }) => ({ quantity, value, ...caseRecord(race) }));
}

/** The time of a training step against each quantity, both on logarithmic axes, in Vega-Lite's grammar. */
export function growthChart(points: readonly GrowthPoint[]): object {
  const charts = growths.flatMap(({ quantity }) => {
    const values = points
      .filter((point) => point.quantity === quantity)
      .flatMap(({ value, race }) => milliseconds(race).map((each) => ({ ...each, value })));
    return values.length === 0 ? [] : [chartOf(quantity, values)];
  });
  return { concat: charts, columns: 2, resolve: { scale: { color: "shared" } } };
}

function milliseconds({ ours, peers }: Race): { contestant: string; ms: number }[] {
  return [
    ...ours.map(({ part, ms }) => ({ contestant: part === "layer" ? "unrolled, layers alone" : "unrolled", ms })),
    ...peers.map(({ name, ms }) => ({ contestant: titleOf(name), ms })),
  ];
}

function chartOf(quantity: Quantity, values: readonly { readonly value: number }[]): object {
  const ticks = [...new Set(values.map(({ value }) => value))];
  return {
    title: HEADINGS[quantity],
    width: 260,
    height: 180,
    data: { values },
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "value", type: "quantitative", scale: { type: "log", base: 2 }, axis: { values: ticks }, title: quantity },
      y: { field: "ms", type: "quantitative", scale: { type: "log" }, title: "ms" },
      color: { field: "contestant", type: "nominal", title: null },
    },
  };
}
