import { titleOf } from "../speed/report.js";
import { formatMilliseconds, NONE, type Table } from "../table.js";
import { type Footprint, memoryWorkload, startUpWorkload } from "./measure.js";

export function footprintTable(footprints: readonly Footprint[]): Table {
  return {
    heading: "Start-up, memory, size",
    titles: [
      "",
      `process start to the end of the first training step, ${startUpWorkload.name}`,
      `resident set at its largest, training ${memoryWorkload.name}`,
      "a page loads, gzipped",
    ],
    rows: footprints.map(({ name, startUp, peakMemory, gzipped }) => [
      titleOf(name),
      startUp === undefined ? NONE : formatMilliseconds(startUp),
      peakMemory === undefined ? NONE : `${(peakMemory / 1e6).toFixed(0)} MB`,
      gzipped === undefined ? NONE : `${(gzipped / 1e3).toFixed(0)} kB`,
    ]),
  };
}
