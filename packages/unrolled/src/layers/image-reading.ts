import { viewAs } from "../autograd/ops/broadcast.js";
import type { ImagePlan } from "../autograd/ops/image-plan.js";
import { selectRows } from "../autograd/ops/rows.js";
import { moveAxis } from "../autograd/ops/transpose.js";
import { inScope, type Operand, type Scope } from "../autograd/scope.js";
import { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import type { Seed } from "../tensor/random.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Flow, fromRows, type InputKind, toRows } from "./flow.js";
import type { ImageExtent } from "./image-extent.js";
import { Layer } from "./layer.js";
import { checkKnown } from "./options.js";

type Reading = "flatten" | "imageColumns";

/** How images are read on: as one row each, or column by column. */
export class ImageReading extends Layer {
  readonly kind: Reading;
  #images: (InputKind & { kind: "images" }) | undefined;

  constructor(kind: Reading) {
    super();
    this.kind = kind;
  }

  get input(): InputKind & { kind: "images" } {
    if (this.#images) return this.#images;
    throw this.#needsImages();
  }

  get outputSize(): number {
    const { height, width, channels } = this.input;
    return this.kind === "flatten" ? channels * height * (width as number) : height * channels;
  }

  /**
   * `x: [batch, height, width, channels]` → `[batch, channels·height·width]` of `flatten`, `[batch, width, height·channels]` of `imageColumns`, 0 past
   * an image's width.
   *
   * @param options `lengths`: the width of each image, where it isn't that of `x`
   * @throws {UnrolledError} `UNROLLED_SHAPE` where `x` or the lengths are not what it reads.
   */
  apply(x: Operand, options: { lengths?: ArrayLike<number> } = {}): Tensor {
    checkKnown(`${this.kind}.apply`, options, ["lengths"]);
    return inScope((scope) => {
      const resident = scope.use(x);
      const [, height = 0, width = 0, channels = 0] = resident.shape;
      if (resident.shape.length !== 4) {
        throw new UnrolledError(
          "UNROLLED_SHAPE",
          `${this.kind}: \`x\` must be [batch, height, width, channels], received ${formatShape(resident.shape)}.`,
        );
      }
      const input = this.#images ?? ({ kind: "images", height, width, channels } as const);
      return fromRows(scope, this.forward(scope, toRows(scope, this.kind, resident, input, options.lengths)));
    });
  }

  forward(scope: Scope, { rows, images }: Flow): Flow {
    return this.kind === "flatten" ? flattened(scope, rows, images as ImagePlan) : columns(scope, rows, images as ImagePlan);
  }

  protected create(channels: number | undefined, _seed: Seed, _index: number, before?: ImageExtent): void {
    if (channels === undefined || !before) throw this.#needsImages();
    if (this.kind === "flatten" && before.width === null) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "flatten: images of any width don't become rows of one length; set a width in inputShape, or read them with imageColumns().",
      );
    }
    this.#images = { kind: "images", ...before, channels };
  }

  #needsImages(): UnrolledError {
    return new UnrolledError(
      "UNROLLED_VALUE",
      `${this.kind}: it reads images, which nothing before it gives; put it behind conv2d or maxPooling2d.`,
    );
  }
}

/** Channel by channel, as PyTorch's images lie, so that the weights of a dense layer behind it are PyTorch's. */
function flattened(scope: Scope, rows: Tensor, { batch, height, width, isWhole }: ImagePlan): Flow {
  if (!isWhole) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      "flatten: images of different widths don't become rows of one length; leave `lengths` out, or read them with imageColumns().",
    );
  }
  const channels = rows.shape[1] as number;
  const pixels = height * width;
  const byChannel = moveAxis(scope, viewAs(scope, rows, [batch, pixels, channels]), 2, 1);
  return { rows: viewAs(scope, byChannel, [batch, channels * pixels]) };
}

/** A step a column of pixels, from left to right. */
function columns(scope: Scope, rows: Tensor, images: ImagePlan): Flow {
  const { batch, height, width, widths, isWhole } = images;
  const plan = isWhole ? SequencePlan.uniform(batch, width) : SequencePlan.of("imageColumns", widths, batch, width);
  const lines = selectRows(scope, rows, images.rowsOfColumns(plan.source));
  return { rows: viewAs(scope, lines, [plan.rows, height * (rows.shape[1] as number)]), plan };
}

/**
 * Every image as one row, channel by channel, as PyTorch's `Flatten` gives it. `x: [batch, height, width, channels]` → `[batch,
 * channels·height·width]`. Behind `conv2d` or `maxPooling2d`, in front of a dense layer.
 */
export function flatten(): ImageReading {
  return new ImageReading("flatten");
}

/**
 * Every image as a sequence, a step a column of pixels, from left to right: what a recurrent layer reads, or a decoder attends to. `x: [batch, height,
 * width, channels]` → `[batch, width, height·channels]`, as many steps as an image is wide.
 *
 * @example
 * sequential([
 *   conv2d({ filters: 32, kernelSize: 3, padding: "same", activation: "relu", inputShape: [28, null, 1] }),
 *   maxPooling2d(),
 *   imageColumns(),
 *   lstm({ units: 64, bidirectional: "concat", returnSequences: true }),
 * ]);
 */
export function imageColumns(): ImageReading {
  return new ImageReading("imageColumns");
}
