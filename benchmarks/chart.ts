import { parse, View } from "vega";
import { compile } from "vega-lite";

/** Draws a chart that is written in Vega-Lite's grammar. */
export async function svgOf(specification: object): Promise<string> {
  const { spec } = compile({ background: "white", ...specification });
  return `${await new View(parse(spec), { renderer: "none" }).toSVG()}\n`;
}
