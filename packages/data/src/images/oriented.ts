import type { Orientation } from "./jpeg-head.js";

/** Samples of a picture. */
interface Turnable {
  readonly height: number;
  readonly width: number;
  /** Samples a pixel. */
  readonly samples: number;
  readonly data: ArrayLike<number>;
}

/** A picture as it should be seen: turned, and mirrored, as its orientation says. */
export function oriented<P extends Turnable>(picture: P, orientation: Orientation): P {
  if (orientation === 1) return picture;
  const { height, width, samples, data } = picture;
  const isTurned = orientation >= 5;
  const [rows, columns] = isTurned ? [width, height] : [height, width];
  // whether what stands in rows, or columns, is read from the end
  const isUpsideDown = [3, 4, 6, 7].includes(orientation);
  const isMirrored = [2, 3, 7, 8].includes(orientation);
  const seen = new Uint8Array(height * width * samples);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [down, across] = isTurned ? [column, row] : [row, column];
      const y = isUpsideDown ? height - 1 - down : down;
      const x = isMirrored ? width - 1 - across : across;
      for (let k = 0; k < samples; k += 1)
        seen[(row * columns + column) * samples + k] = data[(y * width + x) * samples + k] ?? 0;
    }
  }
  return { ...picture, height: rows, width: columns, data: seen };
}
