/** A picture, as numbers. */
export interface Image {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  /** Between 0 and 1, `[height, width, channels]`, row-major. */
  readonly data: Float32Array;
  /** The file that it was read from. */
  readonly path?: string;
}

/** Whether a value is a picture. */
export function isImage(value: unknown): value is Image {
  return typeof value === "object" && value !== null && "data" in value && value.data instanceof Float32Array;
}

/** What stands in one column of one record: text as it is in the file, or what the format itself tells apart. */
export type Value = string | number | boolean | null | Image | readonly Value[] | { readonly [field: string]: Value };

/** One record of a file. */
export interface Row {
  /** In the order of `Records.columns`. */
  readonly values: readonly Value[];
  /** Where it stands, for errors: `reviews.csv:12` (the line it begins in), or `trips.parquet, row 12`. */
  readonly place: string;
}

/** The formats that there are readers for. */
export type DataFormat = "csv" | "tsv" | "jsonl" | "parquet" | "conll" | "conllu" | "ucr" | "text" | "images";

/** Files as records with columns. Opening one reads its head; nothing is held but what a reading is just at. */
export interface Records {
  /** How it is read. */
  readonly format: DataFormat;
  /** The files, in the order in which they are read. */
  readonly paths: readonly string[];
  /** Names, all different. */
  readonly columns: readonly string[];
  /** What was decided by looking at the files, a sentence each. */
  readonly notes: readonly string[];
  /** Goes through all records, from the first, each time it is called. Several may be under way at once. */
  rows(): AsyncIterable<Row>;
}
