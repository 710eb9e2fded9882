import { conv2d as conv2dOp } from "../autograd/ops/conv2d.js";
import type { ImagePlan } from "../autograd/ops/image-plan.js";
import type { Padding, Window } from "../autograd/ops/window.js";
import type { Scope } from "../autograd/scope.js";
import { uniform } from "../tensor/initializers.js";
import type { Parameter } from "../tensor/parameter.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { type ActivationName, activate, checkActivation } from "./activation.js";
import type { ImageExtent } from "./image-extent.js";
import { checkExtent, checkImageShape, checkPadding, type Extent, ImageLayer, type ImageShape } from "./image-layer.js";
import { streamOf } from "./layer.js";
import { checkCount, checkKnown } from "./options.js";

/** How a convolution is made. */
export interface Conv2dOptions {
  /** Channels of the output. */
  filters: number;
  /** Pixels that a filter sees, down and across: one number, or `[height, width]`. */
  kernelSize: Extent;
  /** Pixels from one place of a filter to the next: one number, or `[down, across]`. Default: 1. */
  strides?: Extent;
  /**
   * `valid`: filters stay inside of the image; `same`: they stand out of it, where zeros are, so that there is a place for every `strides`-th pixel.
   * Default: valid.
   */
  padding?: Padding;
  /** Default: none. */
  activation?: ActivationName;
  /** `[height, width, channels]` of the images, a width of null for any. Default: what the layer before gives. */
  inputShape?: ImageShape;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** Filters that slide over images. */
export class Conv2d extends ImageLayer {
  readonly kind = "conv2d";
  /** Channels of the output. */
  readonly filters: number;
  /** What is applied behind the filters; undefined for nothing. */
  readonly activation: ActivationName | undefined;
  protected readonly window: Window;
  readonly #options: Conv2dOptions;
  #weight: Parameter | undefined;
  #bias: Parameter | undefined;

  constructor(options: Conv2dOptions) {
    super();
    const { kind } = this;
    const known = ["filters", "kernelSize", "strides", "padding", "activation", "inputShape", "trainable", "seed"] as const;
    checkKnown(kind, options, known);
    this.trainable = options.trainable ?? true;
    this.filters = checkCount(kind, "filters", options.filters);
    this.window = {
      kernel: checkExtent(kind, "kernelSize", options.kernelSize),
      strides: checkExtent(kind, "strides", options.strides ?? 1),
      padding: checkPadding(kind, options.padding ?? "valid"),
    };
    this.activation = options.activation === undefined ? undefined : checkActivation(kind, options.activation);
    if (options.inputShape !== undefined) checkImageShape(kind, options.inputShape);
    this.#options = options;
  }

  get outputSize(): number {
    return this.filters;
  }

  /** [filters, channels, height, width] */
  get weight(): Parameter {
    this.buildAlone();
    return this.#weight as Parameter;
  }

  /** [filters] */
  get bias(): Parameter {
    this.buildAlone();
    return this.#bias as Parameter;
  }

  protected through(scope: Scope, rows: Tensor, images: ImagePlan, behind: ImagePlan): Tensor {
    const plan = { window: this.window, images, behind };
    const y = conv2dOp(scope, rows, scope.use(this.weight), scope.use(this.bias), plan);
    return this.activation ? activate(this.activation, y) : y;
  }

  protected create(channels: number | undefined, seed: Seed, index: number, before?: ImageExtent): void {
    this.settleImages(this.#options.inputShape, channels, before);
    const { filters, window } = this;
    const { channels: inputs } = this.input;
    const pixels = window.kernel[0] * window.kernel[1];
    const random = new RandomStream(this.#options.seed ?? seed, "initialisation", streamOf(index, 0));
    // Glorot & Bengio 2010
    const bound = Math.sqrt(6 / (pixels * (inputs + filters)));
    const shape = [filters, inputs, ...window.kernel];
    this.#weight = this.addParameter("weight", shape, () => uniform(filters * inputs * pixels, bound, random));
    this.#bias = this.addZeros("bias", [filters]);
  }
}

/**
 * A convolution (LeCun et al. 1989): every filter slides over the image and gives one number at each of its places,
 *
 *   y[p, f] = activation(b[f] + Σ_i,j,c W[f, c, i, j]·x[p·strides + (i, j), c])
 *
 * `x: [batch, height, width, channels]` → `[batch, height, width, filters]`, the new height and width being ⌊(length − kernel) / stride⌋ + 1
 * for `valid`, ⌈length / stride⌉ for `same`. Images may be narrower than `x`: what is past an image's own width is never read. The weights lie
 * as PyTorch's, `[filters, channels, height, width]`; `W` begins as Glorot uniform, `b` as 0.
 *
 * @example
 * const network = sequential([
 *   conv2d({ filters: 16, kernelSize: 5, activation: "relu", inputShape: [28, 28, 1] }),
 *   maxPooling2d(),
 *   flatten(),
 *   dense({ units: 10 }),
 * ]);
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function conv2d(options: Conv2dOptions): Conv2d {
  return new Conv2d(options);
}
