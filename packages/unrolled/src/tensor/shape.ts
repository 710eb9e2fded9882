/** The length of each axis, outermost first. `[]` is a single number. */
export type Shape = readonly number[];

/** How many numbers a shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Whether an axis can be that long. */
export function isLength(length: number): boolean {
  return Number.isSafeInteger(length) && length >= 0;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** `[batch, 8]` as errors print it: names stand for axes of any length. */
export function formatShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

/** The tensor around one axis: [outer, axis, inner]. Negative axes count from the end. */
export interface AxisView {
  readonly axis: number;
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** Sees a shape around one axis, or gives `undefined` where it has no such axis. */
export function aroundAxis(shape: Shape, axis: number): AxisView | undefined {
  const positive = axis < 0 ? axis + shape.length : axis;
  const length = shape[positive];
  if (!Number.isInteger(axis) || length === undefined) return undefined;
  return { axis: positive, outer: sizeOf(shape.slice(0, positive)), length, inner: sizeOf(shape.slice(positive + 1)) };
}
