/**
 * How a batch of images lies in rows of channels, [rows, channels]: image after image, each from its first line of pixels to its last. All have one
 * height; where widths differ, no row is spent on what is past an image's end.
 */
export class ImagePlan {
  /** Lines of pixels of every image. */
  readonly height: number;
  /** Pixels in a line of each image. */
  readonly widths: Int32Array;
  /** Pixels in a line of the tensor that a user sees, of which an image may have fewer. */
  readonly width: number;
  /** The first row of each image. */
  readonly offsets: Int32Array;
  /** Rows in all. */
  readonly rows: number;

  constructor(height: number, widths: Int32Array, width: number) {
    this.height = height;
    this.widths = widths;
    this.width = width;
    this.offsets = new Int32Array(widths.length);
    let rows = 0;
    for (const [image, own] of widths.entries()) {
      this.offsets[image] = rows;
      rows += height * own;
    }
    this.rows = rows;
  }

  get batch(): number {
    return this.widths.length;
  }

  /** Whether every image is as wide as the tensor that a user sees. */
  get isWhole(): boolean {
    return this.widths.every((width) => width === this.width);
  }

  /** Stretches of images of one width that stand one behind another. */
  get runs(): readonly ImageRun[] {
    const runs: ImageRun[] = [];
    for (let first = 0, next = 0; first < this.batch; first = next) {
      const width = this.widths[first] as number;
      while (next < this.batch && this.widths[next] === width) next++;
      runs.push({ first, images: next - first, width });
    }
    return runs;
  }

  /** For each row its place among the pixels of [batch, height, width]. */
  get places(): Int32Array {
    const places = new Int32Array(this.rows);
    let row = 0;
    for (const [image, own] of this.widths.entries()) {
      for (let y = 0; y < this.height; y++) {
        const line = (image * this.height + y) * this.width;
        for (let x = 0; x < own; x++) places[row++] = line + x;
      }
    }
    return places;
  }

  /** For each line of a column of an image, column after column as `columns` names them (image·width + x), its row. */
  rowsOfColumns(columns: Int32Array): Int32Array {
    const { height, width, widths, offsets } = this;
    const rows = new Int32Array(columns.length * height);
    for (const [at, column] of columns.entries()) {
      const image = Math.floor(column / width);
      const first = (offsets[image] as number) + (column % width);
      for (let y = 0; y < height; y++) rows[at * height + y] = first + y * (widths[image] as number);
    }
    return rows;
  }
}

/** Images of one width, one behind another. */
export interface ImageRun {
  /** Which image is the first. */
  readonly first: number;
  readonly images: number;
  readonly width: number;
}
