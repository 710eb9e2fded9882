import type { Image } from "../records/records.js";

/** How wide a picture becomes that is scaled to a height and keeps its shape; at least one pixel. */
export function scaledWidth({ height, width }: Pick<Image, "height" | "width">, to: number): number {
  return Math.max(1, Math.round((width * to) / height));
}

/** A picture scaled to a height, its shape kept: each new pixel is the mean of the area that it covers. */
export function scaledImage(image: Image, height: number): Image {
  if (image.height === height) return image;
  const { channels } = image;
  const width = scaledWidth(image, height);
  const rows = averaged(image.data, { outer: 1, from: image.height, to: height, inner: image.width * channels });
  return { height, width, channels, data: averaged(rows, { outer: height, from: image.width, to: width, inner: channels }) };
}

/** `[outer, from, inner]` → `[outer, to, inner]`: means over the middle dimension, parts of a place counting as much as is covered of them. */
function averaged(
  data: Float32Array,
  { outer, from, to, inner }: Readonly<Record<"outer" | "from" | "to" | "inner", number>>,
): Float32Array {
  const result = new Float32Array(outer * to * inner);
  const step = from / to;
  for (let place = 0; place < to; place += 1) {
    const [start, end] = [place * step, Math.min((place + 1) * step, from)];
    for (let source = Math.floor(start); source < end; source += 1) {
      const share = (Math.min(source + 1, end) - Math.max(source, start)) / step;
      for (let o = 0; o < outer; o += 1) {
        const [read, write] = [(o * from + source) * inner, (o * to + place) * inner];
        for (let i = 0; i < inner; i += 1) result[write + i] = (result[write + i] ?? 0) + share * (data[read + i] ?? 0);
      }
    }
  }
  return result;
}
