import type { Race } from "./measure.js";
import { titleOf } from "./report.js";
import { type Mode, modes } from "./workload.js";

const TITLES: Readonly<Record<Mode, string>> = { train: "Training step", infer: "Inference", step: "One step of a stream" };

/** How many times our time each peer takes, a point a peer and case, in Vega-Lite's grammar. */
export function raceChart(races: readonly Race[]): object {
  const charts = modes.flatMap((mode) => {
    const those = races.filter((race) => race.mode === mode && race.peers.length > 0);
    return those.length === 0 ? [] : [chartOf(TITLES[mode], those)];
  });
  return { vconcat: charts, resolve: { scale: { x: "shared", color: "shared", shape: "shared" } } };
}

function chartOf(title: string, races: readonly Race[]): object {
  const values = races.flatMap(({ workload, peers }) =>
    peers.map(({ name, ratio }) => ({ case: workload.name, peer: titleOf(name), ratio })),
  );
  const y = { field: "case", type: "nominal", sort: races.map(({ workload }) => workload.name), title: null };
  const x = {
    field: "ratio",
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 12 },
    title: "peer's time / our time (right of 1 we are faster)",
  };
  return {
    title,
    width: 480,
    height: { step: 22 },
    data: { values },
    layer: [
      {
        mark: { type: "point", filled: true, size: 90 },
        encoding: {
          x,
          y: { ...y, axis: { grid: true } },
          color: { field: "peer", type: "nominal", title: "peer" },
          shape: { field: "peer", type: "nominal", title: "peer" },
        },
      },
      { mark: { type: "rule", strokeDash: [4, 3] }, encoding: { x: { datum: 1 } } },
    ],
  };
}
