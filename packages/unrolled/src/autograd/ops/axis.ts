import { UnrolledError } from "../../errors.js";
import { type AxisView, aroundAxis, formatShape, type Shape } from "../../tensor/shape.js";

/** @throws {UnrolledError} `UNROLLED_SHAPE` where a shape has no such axis. */
export function checkedAxis(op: string, shape: Shape, axis: number): AxisView {
  const view = aroundAxis(shape, axis);
  if (view) return view;
  throw new UnrolledError(
    "UNROLLED_SHAPE",
    `${op}: \`axis\` must be a whole number from ${-shape.length} to ${shape.length - 1} for ${formatShape(shape)}, received ${axis}.`,
  );
}

/** A shape without one of its axes. */
export function withoutAxis(shape: Shape, axis: number): Shape {
  return [...shape.slice(0, axis), ...shape.slice(axis + 1)];
}
