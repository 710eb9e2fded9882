import { UnrolledError } from "../../errors.js";
import { escaped } from "../writing/escaped.js";
import type { Caption } from "./captioner.js";
import type { CaptionerImage } from "./examples.js";
import { pngOf } from "./png.js";

/** What a picture is drawn as large as, at most, in each row. */
const LARGEST = { width: 560, height: 88 };
/** Of the region that was read most. */
const OPACITY = 0.7;
/** Of a character, about, at 14 pixels. */
const CHARACTER = 8;
const MARGIN = 12;
const GAP = 6;
/** What of a picture becomes text at a time. */
const CHUNK = 8192;

/**
 * Draws a picture once for each token that was written about it, as SVG, and over it as a band what was read for that token: the more of a region, the
 * less it shows through. The strongest region of each token is drawn alike, however much the others have; its share stands in the band's title.
 *
 * @param image that was written about
 * @param caption as `Captioner.predict` gives it
 * @throws {UnrolledError} `UNROLLED_VALUE` where the caption has no attention over such a picture's columns.
 *
 * @example await writeFile("attention.svg", imageAttentionSvg(image, await captioner.predict(image)));
 */
export function imageAttentionSvg(
  image: CaptionerImage,
  { tokens, attention, regionWidth }: Pick<Caption, "tokens" | "attention" | "regionWidth">,
): string {
  const regions = Math.ceil(image.width / regionWidth);
  const wrong = attention.find(({ length }) => length !== regions);
  if (wrong) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `imageAttentionSvg: the caption has attention over ${wrong.length} places, and the picture has ${regions} regions of ${regionWidth} pixels; give the picture that it was written about.`,
    );
  }
  const scale = Math.min(LARGEST.width / image.width, LARGEST.height / image.height);
  const [wide, high] = [scale * image.width, scale * image.height];
  const left = MARGIN + CHARACTER * Math.max(1, ...tokens.map(({ length }) => length)) + GAP;
  const row = Math.max(high, 2 * CHARACTER) + GAP;
  const [width, height] = [left + wide + MARGIN, 2 * MARGIN + row * Math.max(1, tokens.length) - GAP];
  const rows = tokens.flatMap((token, t) => {
    const y = MARGIN + row * t;
    const shares = attention[t] as readonly number[];
    const most = Math.max(...shares);
    const bands = shares.map((share, region) => {
      const from = region * regionWidth;
      const to = Math.min(from + regionWidth, image.width);
      const place = `x="${fixed(left + scale * from)}" y="${fixed(y)}" width="${fixed(scale * (to - from))}" height="${fixed(high)}"`;
      const title = `${token} ← pixels ${from} to ${to - 1}: ${(100 * share).toFixed(1)} %`;
      return `<rect ${place} fill="#f97316" fill-opacity="${((OPACITY * share) / most).toFixed(3)}"><title>${escaped(title)}</title></rect>`;
    });
    const name = `<text x="${fixed(left - GAP)}" y="${fixed(y + high / 2)}" text-anchor="end" dominant-baseline="central">${escaped(token)}</text>`;
    return [`<use href="#picture" x="${fixed(left)}" y="${fixed(y)}"/>`, ...bands, name];
  });
  const [w, h] = [fixed(width), fixed(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" font-family="sans-serif" font-size="14">
<defs><image id="picture" width="${fixed(wide)}" height="${fixed(high)}" style="image-rendering:pixelated" href="data:image/png;base64,${base64(pngOf(image))}"/></defs>
<rect width="${w}" height="${h}" fill="#fff"/>
${rows.join("\n")}
</svg>
`;
}

function fixed(number: number): string {
  return String(Math.round(100 * number) / 100);
}

function base64(bytes: Uint8Array): string {
  let characters = "";
  for (let from = 0; from < bytes.length; from += CHUNK) characters += String.fromCharCode(...bytes.subarray(from, from + CHUNK));
  return btoa(characters);
}
