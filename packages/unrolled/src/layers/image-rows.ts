import { viewAs } from "../autograd/ops/broadcast.js";
import { ImagePlan } from "../autograd/ops/image-plan.js";
import { placeRows, selectRows } from "../autograd/ops/rows.js";
import type { Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Flow, InputKind } from "./flow.js";

/**
 * From images, [batch, height, width, channels], to a row for each pixel.
 *
 * @param lengths the width of each image, where it isn't that of `x`; what stands past it is never read
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the tensor is not what the layer reads, or the widths don't fit it.
 */
export function imagesToRows(
  scope: Scope,
  where: string,
  x: Tensor,
  { height, width, channels }: InputKind & { kind: "images" },
  lengths?: ArrayLike<number>,
): Flow {
  const { shape } = x;
  const [batch = 0, , columns = 0] = shape;
  const fits = shape.length === 4 && shape[1] === height && (width === null || columns === width) && shape[3] === channels;
  if (!fits || batch === 0 || columns === 0) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${where}: \`x\` must be ${formatShape(["batch", height, width ?? "width", channels])}, with at least one image, received ` +
        `${formatShape(shape)}; set inputShape to the images' [height, width, channels], or feed such images.`,
    );
  }
  const images = new ImagePlan(height, widthsOf(where, batch, columns, lengths), columns);
  const pixels = viewAs(scope, scope.use(x), [batch * height * columns, channels]);
  return { rows: images.isWhole ? pixels : selectRows(scope, pixels, images.places), images };
}

/** From a row for each pixel back to [batch, height, width, channels], 0 past each image's width. */
export function imagesFromRows(scope: Scope, rows: Tensor, images: ImagePlan): Tensor {
  const { batch, height, width } = images;
  const shape = [batch, height, width, rows.shape[1] as number];
  if (images.isWhole) return viewAs(scope, rows, shape);
  return viewAs(scope, placeRows(scope, rows, images.places, batch * height * width), shape);
}

function widthsOf(where: string, batch: number, width: number, lengths: ArrayLike<number> | undefined): Int32Array {
  if (!lengths) return new Int32Array(batch).fill(width);
  if (lengths.length !== batch) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${where}: \`lengths\` must have one entry for each of ${batch} images, received ${lengths.length}.`,
    );
  }
  const own = Array.from(lengths);
  const wrong = own.findIndex((length) => !Number.isInteger(length) || length < 1 || length > width);
  if (wrong < 0) return Int32Array.from(own);
  throw new UnrolledError(
    "UNROLLED_SHAPE",
    `${where}: \`lengths\` must be whole numbers from 1 to ${width}, the width of \`x\`, received ${own[wrong]} at position ${wrong}.`,
  );
}
