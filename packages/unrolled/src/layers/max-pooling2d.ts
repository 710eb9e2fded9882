import type { ImagePlan } from "../autograd/ops/image-plan.js";
import { maxPool2d } from "../autograd/ops/max-pool2d.js";
import type { Padding, Window } from "../autograd/ops/window.js";
import type { Scope } from "../autograd/scope.js";
import type { Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import type { ImageExtent } from "./image-extent.js";
import { checkExtent, checkImageShape, checkPadding, type Extent, ImageLayer, type ImageShape } from "./image-layer.js";
import { checkKnown } from "./options.js";

/** How a pooling of images is made. */
export interface MaxPooling2dOptions {
  /** Pixels of which the largest is taken, down and across: one number, or `[height, width]`. Default: 2. */
  poolSize?: Extent;
  /** Pixels from one place to the next: one number, or `[down, across]`. Default: as `poolSize`. */
  strides?: Extent;
  /** `valid`: only whole windows inside of the image count; `same`: also those that stand out of it, in which nothing is seen there. Default: valid. */
  padding?: Padding;
  /** `[height, width, channels]` of the images, a width of null for any. Default: what the layer before gives. */
  inputShape?: ImageShape;
}

/** The largest number of each window, channel by channel. */
export class MaxPooling2d extends ImageLayer {
  readonly kind = "maxPooling2d";
  protected readonly window: Window;
  readonly #inputShape: ImageShape | undefined;

  constructor(options: MaxPooling2dOptions = {}) {
    super();
    const { kind } = this;
    checkKnown(kind, options, ["poolSize", "strides", "padding", "inputShape"]);
    const kernel = checkExtent(kind, "poolSize", options.poolSize ?? 2);
    const strides = options.strides === undefined ? kernel : checkExtent(kind, "strides", options.strides);
    this.window = { kernel, strides, padding: checkPadding(kind, options.padding ?? "valid") };
    this.#inputShape = options.inputShape && checkImageShape(kind, options.inputShape);
  }

  get outputSize(): number {
    return this.input.channels;
  }

  protected through(scope: Scope, rows: Tensor, images: ImagePlan, behind: ImagePlan): Tensor {
    return maxPool2d(scope, rows, { window: this.window, images, behind });
  }

  protected create(channels: number | undefined, _seed: Seed, _index: number, before?: ImageExtent): void {
    this.settleImages(this.#inputShape, channels, before);
  }
}

/**
 * Max pooling of images: the largest number of each window, channel by channel; the gradient goes to the first that has it. `x: [batch, height, width,
 * channels]` → the same with the height and width of `conv2d` for such a window.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function maxPooling2d(options?: MaxPooling2dOptions): MaxPooling2d {
  return new MaxPooling2d(options);
}
