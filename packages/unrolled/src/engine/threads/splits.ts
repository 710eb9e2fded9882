import type { Kernels } from "../kernels.js";

/** An argument that differs from range to range: `by` for one of the count. */
export interface Move {
  readonly place: number;
  readonly by: (args: Float64Array) => number;
  /** An address that is 0 is nowhere and stays; an index moves from 0 on. */
  readonly isIndex?: boolean;
}

/**
 * How a kernel's work is divided: into ranges of what one of its arguments counts (rows, columns, elements), each with addresses of its own. No
 * sum is ever divided, so that the parts together give the bits of the whole.
 */
export interface Split {
  /** The place of the argument that counts. */
  readonly count: number;
  /** Ranges begin at multiples of it. */
  readonly grain: number;
  readonly moves: readonly Move[];
  /** About how many nanoseconds one of the count takes. */
  readonly cost: (args: Float64Array) => number;
  /** Memory that each range needs for itself: the place of its address, and its length. */
  readonly scratch?: { readonly place: number; readonly length: keyof Kernels };
}

/** Multiply-adds of a product in a nanosecond. */
export const PRODUCT_SPEED = 20;
/** Rows of a product below which its columns are divided. */
const FEW_ROWS = 16;
/** Columns of the widest panel of packed weights. */
const PANEL = 16;

const one = (): number => 1;
const argument =
  (place: number) =>
  (args: Float64Array): number =>
    args[place] as number;
const element = (place: number): Move => ({ place, by: one });

/** Elements: the first argument counts them, addresses move with them. */
function elements(cost: number, ...places: readonly number[]): () => Split {
  const split = { count: 0, grain: 16, moves: places.map(element), cost: () => cost };
  return () => split;
}

/** Rows: the first argument counts them, the second is how long they are. */
function rows(cost: number, whole: readonly number[], single: readonly number[] = []): () => Split {
  const moves = [...whole.map((place) => ({ place, by: argument(1) })), ...single.map(element)];
  const split = { count: 0, grain: 4, moves, cost: (args: Float64Array) => cost * (args[1] as number) };
  return () => split;
}

/** Rows with strides, each behind its address. */
function stridedRows(x: number, y: number): () => Split {
  const moves = [x, y].map((place) => ({ place, by: argument(place + 1) }));
  const split = { count: 0, grain: 4, moves, cost: (args: Float64Array) => 0.5 * (args[1] as number) };
  return () => split;
}

const productCost =
  (a: number, b: number) =>
  (args: Float64Array): number =>
    ((args[a] as number) * (args[b] as number)) / PRODUCT_SPEED;

// multiplyPacked(m, n, k, a, aStride, packed, s, sStride, c, cStride)
const productRows: Split = {
  count: 0,
  grain: 4,
  moves: [
    { place: 3, by: argument(4) },
    { place: 6, by: argument(7) },
    { place: 8, by: argument(9) },
  ],
  cost: productCost(1, 2),
};
const productColumns: Split = {
  count: 1,
  grain: PANEL,
  moves: [{ place: 5, by: argument(2) }, element(6), element(8)],
  cost: productCost(0, 2),
};
// multiplyTransposed(m, n, k, a, aStride, b, bStride, c, cStride, scratch)
const transposedRows: Split = {
  count: 0,
  grain: PANEL,
  moves: [element(3), { place: 7, by: argument(8) }],
  cost: productCost(1, 2),
  scratch: { place: 9, length: "transposedScratchLength" },
};
// swapAxes(a, b, inner, x, y, stride)
const swappedRows: Split = {
  count: 0,
  grain: 1,
  moves: [
    { place: 3, by: (args) => (args[1] as number) * (args[2] as number) },
    { place: 4, by: argument(2) },
  ],
  cost: (args) => (args[1] as number) * (20 + 0.5 * (args[2] as number)),
};
// pack(k, n, source, stride, transposed, packed)
const packedColumns: Split = {
  count: 1,
  grain: PANEL,
  moves: [
    { place: 2, by: (args) => (args[4] === 1 ? (args[3] as number) : 1) },
    { place: 5, by: argument(0) },
  ],
  cost: (args) => 0.7 * (args[0] as number),
};
// sumRows(rows, columns, x, stride, y)
const summedColumns: Split = {
  count: 1,
  grain: 16,
  moves: [element(2), element(4)],
  cost: (args) => 0.3 * (args[0] as number),
};
// dropout(length, first, rate, k0, k1, c1, c2, x, y)
const droppedElements: Split = {
  count: 0,
  grain: 16,
  moves: [{ place: 1, by: one, isIndex: true }, element(7), element(8)],
  cost: () => 4,
};

// maxPool(rows, first, channels, geometry, x, y, positions)
const pooledPixels: Split = {
  count: 0,
  grain: 4,
  moves: [
    { place: 1, by: one, isIndex: true },
    { place: 5, by: argument(2) },
    { place: 6, by: argument(2) },
  ],
  cost: (args) => 5 + 2 * (args[2] as number),
};
// maxPoolBackward(images, outSize, inSize, dy, positions, dx)
const pooledImages: Split = {
  count: 0,
  grain: 1,
  moves: [
    { place: 3, by: argument(1) },
    { place: 4, by: argument(1) },
    { place: 5, by: argument(2) },
  ],
  cost: (args) => 2 * (args[1] as number),
};

/** The kernels that are divided among threads, with how; the choice may depend on the arguments. All others run on their caller. */
export const splits: { readonly [K in keyof Kernels]?: (args: Float64Array) => Split } = {
  multiplyPacked: (args) => ((args[0] as number) < FEW_ROWS ? productColumns : productRows),
  multiplyTransposed: () => transposedRows,
  pack: () => packedColumns,
  sumRows: () => summedColumns,
  swapAxes: () => swappedRows,
  maxPool: () => pooledPixels,
  maxPoolBackward: () => pooledImages,

  fill: elements(0.2, 2),
  scale: elements(0.5, 2, 3),
  addScaled: elements(0.5, 2, 3),
  multiplyAdd: elements(0.5, 1, 2, 3),
  add: elements(0.5, 1, 2, 3),
  subtract: elements(0.5, 1, 2, 3),
  multiply: elements(0.5, 1, 2, 3),
  divide: elements(0.7, 1, 2, 3),
  clamp: elements(0.5, 2, 3),
  clampBackward: elements(0.5, 2, 3, 4),
  exp: elements(1.5, 1, 2),
  log: elements(1.5, 1, 2),
  tanh: elements(1.5, 1, 2),
  sigmoid: elements(1.5, 1, 2),
  softplus: elements(3, 1, 2),
  relu: elements(0.5, 1, 2),
  tanhBackward: elements(0.5, 1, 2, 3),
  sigmoidBackward: elements(0.5, 1, 2, 3),
  reluBackward: elements(0.5, 1, 2, 3),
  dropout: () => droppedElements,
  dropoutBackward: () => droppedElements,

  sgd: elements(0.7, 5, 6, 7),
  adagrad: elements(1, 4, 5, 6),
  rmsprop: elements(1, 6, 7, 8, 9),
  adam: elements(1, 8, 9, 10, 11),

  copyRows: stridedRows(2, 4),
  addRows: stridedRows(2, 4),
  repeatRow: rows(0.3, [3]),
  gatherRows: rows(0.5, [4], [3]),
  maskRows: rows(0.5, [3, 4], [2]),
  addDropout: rows(4, [8, 9], [7]),
  addRowDropout: rows(1, [8, 9], [7]),
  softmax: rows(2, [2, 3]),
  logSoftmax: rows(2, [2, 3]),
  softmaxBackward: rows(1, [2, 3, 4]),
  logSoftmaxBackward: rows(2, [2, 3, 4]),
  softmaxCrossEntropy: rows(2, [4], [5, 7, 8]),
  layerNorm: rows(2, [3, 6], [7, 8]),
  layerNormBackward: rows(2, [2, 6, 7], [4, 5]),
};
