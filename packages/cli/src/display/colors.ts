import picocolors from "picocolors";
import type { Host, OutputStream } from "../host.js";

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colors for this stream: those of a terminal, unless NO_COLOR (no-color.org) is set or the terminal knows none. */
export function colorsFor(stream: OutputStream, environment: Host["environment"]): Colors {
  const wanted = (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
  return picocolors.createColors(stream.isTTY === true && wanted);
}
