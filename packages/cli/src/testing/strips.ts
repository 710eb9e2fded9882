import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CaptionerImage, imageAttentionSvg } from "unrolled/tasks";

/** Signs of 6 × 4 pixels, line by line. */
const SIGNS: Readonly<Record<string, string>> = {
  bar: ".##..##..##..##..##..##.",
  dash: "........########........",
  frame: "#####..##..##..##..#####",
};
const NAMES = Object.keys(SIGNS);

/** Signs side by side, as a picture. */
export function strip(names: readonly string[]): CaptionerImage {
  const [height, width] = [6, 4 * names.length];
  const data = Float32Array.from({ length: height * width }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return SIGNS[names[Math.floor(x / 4)] ?? ""]?.[4 * y + (x % 4)] === "#" ? 1 : 0;
  });
  return { height, width, data };
}

/** The PNG that a drawing of the attention has in it: as good a file as any. */
export function pngOf(image: CaptionerImage): Buffer {
  const svg = imageAttentionSvg(image, { tokens: [], attention: [], regionWidth: 1 });
  return Buffer.from(/base64,([^"]*)"/.exec(svg)?.[1] ?? "", "base64");
}

/** Writes strips of one or two signs, in the order of counting by threes, and a table of their words beside them. */
export async function writeStrips(folder: string, count: number): Promise<void> {
  const rows: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const places = [number, Math.floor(number / NAMES.length)].slice(0, 1 + (Math.floor(number / 9) % 2));
    const names = places.map((place) => NAMES[place % NAMES.length] ?? "");
    const file = `strips/${number}.png`;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), pngOf(strip(names)));
    rows.push(`${file},${names.join(" ")}\n`);
  }
  await writeFile(join(folder, "captions.csv"), `file,caption\n${rows.join("")}`);
}
