import type { ImagePlan } from "../autograd/ops/image-plan.js";
import { type Padding, placesOf, planBehind, type Window } from "../autograd/ops/window.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import type { ImageExtent } from "./image-extent.js";
import { Layer, type Passage } from "./layer.js";
import { checkChoice, checkKnown } from "./options.js";

/** `[height, width, channels]`; a width of null stands for any, other from image to image. */
export type ImageShape = readonly [height: number, width: number | null, channels: number];

/** One number for height and width, or both. */
export type Extent = number | readonly [height: number, width: number];

/** What layers share that slide a window over images. */
export abstract class ImageLayer extends Layer {
  /** @internal */
  protected abstract readonly window: Window;
  #images: (InputKind & { kind: "images" }) | undefined;

  /** @internal Images. */
  get input(): InputKind & { kind: "images" } {
    this.buildAlone();
    return this.#images as InputKind & { kind: "images" };
  }

  /** @internal How large the images are that it gives. */
  get extentBehind(): ImageExtent {
    const { height, width } = this.input;
    const { kernel, strides, padding } = this.window;
    return {
      height: placesOf(height, kernel[0], strides[0], padding).count,
      width: width === null ? null : placesOf(width, kernel[1], strides[1], padding).count,
    };
  }

  /**
   * `x: [batch, height, width, channels]` → the same with what the layer makes of these three; 0 past what an image narrower than `x` becomes.
   *
   * @param options `lengths`: the width of each image, where it isn't that of `x`
   * @throws {UnrolledError} `UNROLLED_SHAPE` where `x` or the lengths are not what it reads, or an image is narrower than the window.
   */
  apply(x: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    checkKnown(`${this.kind}.apply`, options, ["lengths"]);
    return inScope((scope) => {
      const flow = toRows(scope, this.kind, scope.use(x), this.input, options.lengths);
      return fromRows(scope, this.forward(scope, flow, { training: scope.recording }));
    }, this.engine);
  }

  /** @internal */
  forward(scope: Scope, { rows, images }: Flow, _passage: Passage): Flow {
    const given = images as ImagePlan;
    const behind = planBehind(given, this.window);
    const narrow = behind.widths.indexOf(0);
    if (narrow >= 0) {
      const { kernel, strides } = this.window;
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `${this.kind}: image ${narrow} is ${given.widths[narrow]} wide where it comes in, and the window ${kernel[1]}, at strides of ${strides[1]}; ` +
          'feed wider images, or set padding: "same".',
      );
    }
    return { rows: this.through(scope, rows, given, behind), images: behind };
  }

  /** @internal Its formula. */
  protected abstract through(scope: Scope, rows: Tensor, images: ImagePlan, behind: ImagePlan): Tensor;

  /** The images that options or the layer before give. */
  protected settleImages(own: ImageShape | undefined, channels: number | undefined, before: ImageExtent | undefined): void {
    if (before && channels !== undefined) {
      const given = [before.height, before.width, channels] as const;
      if (own?.some((length, axis) => length !== given[axis])) {
        throw new UnrolledError(
          "UNROLLED_SHAPE",
          `${this.kind}: inputShape is ${shapeText(own)}, but the layer before gives ${shapeText(given)}; leave inputShape out.`,
        );
      }
      this.#images = { kind: "images", ...before, channels };
    } else if (own) {
      this.#images = { kind: "images", height: own[0], width: own[1], channels: own[2] };
    } else {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${this.kind}: the size of its images is not known; set inputShape: [height, width, channels], or put the layer behind another that gives images.`,
      );
    }
    const { height, width } = this.extentBehind;
    if (height > 0 && width !== 0) return;
    const { kernel } = this.window;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${this.kind}: a window of ${formatShape(kernel)} finds no place in images of ${shapeText([this.#images.height, this.#images.width])}; ` +
        'make it smaller, or set padding: "same".',
    );
  }
}

function shapeText(shape: readonly (number | null)[]): string {
  return formatShape(shape.map((length) => length ?? "any"));
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where a shape is not height, width and channels. */
export function checkImageShape(where: string, shape: ImageShape): ImageShape {
  const given: readonly unknown[] = Array.isArray(shape) ? shape : [];
  const isLength = (length: unknown) => Number.isSafeInteger(length) && (length as number) >= 1;
  if (given.length === 3 && given.every((length, axis) => isLength(length) || (axis === 1 && length === null))) return shape;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`inputShape\` must be [height, width, channels], whole numbers of at least 1 (or null for any width), received ${JSON.stringify(shape)}.`,
  );
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where it is not one whole number of at least 1, or two. */
export function checkExtent(where: string, name: string, given: Extent): readonly [height: number, width: number] {
  const both: readonly unknown[] = Array.isArray(given) ? given : [given, given];
  if (both.length === 2 && both.every((length) => Number.isSafeInteger(length) && (length as number) >= 1)) {
    return both as readonly [number, number];
  }
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`${name}\` must be a whole number of at least 1, or [height, width] of such, received ${JSON.stringify(given)}.`,
  );
}

export function checkPadding(where: string, padding: Padding): Padding {
  return checkChoice(where, "padding", padding, ["valid", "same"]);
}
