import type { Answer } from "./answers.js";
import { escaped } from "./escaped.js";

const CELL = 22;
/** Of a character, about, at 12 pixels. */
const CHARACTER = 7;
const MARGIN = 12;

/**
 * Draws how much was read of each token of the source for each token written, as SVG: a square each, the darker the more.
 *
 * @param answer with the source's tokens, as `Translator.predict` gives it
 */
export function attentionSvg({
  tokens,
  sourceTokens,
  attention,
}: Pick<Answer, "tokens" | "attention"> & { readonly sourceTokens: readonly string[] }): string {
  const columns = sourceTokens.map((token) => token || "⏎");
  const left = MARGIN + CHARACTER * Math.max(1, ...tokens.map(({ length }) => length)) + 6;
  const top = MARGIN + CHARACTER * Math.max(1, ...columns.map(({ length }) => length)) + 6;
  const [width, height] = [left + CELL * columns.length + MARGIN, top + CELL * tokens.length + MARGIN];
  const squares = attention.flatMap((row, t) =>
    row.map((share, place) => {
      const title = `${tokens[t] ?? ""} ← ${columns[place] ?? ""}: ${(100 * share).toFixed(1)} %`;
      const at = `x="${left + CELL * place}" y="${top + CELL * t}" width="${CELL - 1}" height="${CELL - 1}"`;
      return `<rect ${at} fill="#1f4e79" fill-opacity="${share.toFixed(3)}"><title>${escaped(title)}</title></rect>`;
    }),
  );
  const rows = tokens.map((token, t) => {
    return `<text x="${left - 6}" y="${top + CELL * t + 15}" text-anchor="end">${escaped(token)}</text>`;
  });
  const heads = columns.map((token, place) => {
    const [x, y] = [left + CELL * place + 15, top - 6];
    return `<text x="${x}" y="${y}" transform="rotate(-90 ${x} ${y})">${escaped(token)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
${[...squares, ...heads, ...rows].join("\n")}
</svg>
`;
}
