import { described } from "../../../described.js";
import { UnrolledError } from "../../../errors.js";
import type { JsonObject } from "../../../files/json/object.js";
import type { Source } from "../../../layers/layer.js";
import type { Sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import { Tensor } from "../../../tensor/tensor.js";
import { RunningMoments } from "../../running-moments.js";
import type { EncodedInput } from "../../writing/source-side.js";
import type { CaptionerImage, CaptionerInput } from "../examples.js";
import { type ImageArchitecture, imageEncoder } from "../image-encoder.js";
import type { CaptionerForm, EncoderArchitecture, FormSurvey } from "./form.js";

/** Higher pictures, and more channels, than anyone feeds: a saved model is described before its weights are looked at. */
const MOST_PIXELS = 65536;
const MOST_CHANNELS = 1024;

/** Pictures of one height and number of channels: their numbers less the mean in the training data, divided by the standard deviation there. */
export class ImageForm implements CaptionerForm {
  readonly name = "image";
  readonly files = {};
  readonly height: number;
  readonly channels: number;
  readonly mean: number;
  readonly deviation: number;
  readonly #architecture: ImageArchitecture;

  constructor(
    sizes: { readonly height: number; readonly channels: number; readonly mean: number; readonly deviation: number },
    architecture: ImageArchitecture,
  ) {
    this.height = sizes.height;
    this.channels = sizes.channels;
    this.mean = sizes.mean;
    this.deviation = sizes.deviation;
    this.#architecture = architecture;
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static fromJson(fields: JsonObject, architecture: ImageArchitecture): ImageForm {
    const sizes = {
      height: fields.integer("height", { min: 1, max: MOST_PIXELS }),
      channels: fields.integer("channels", { min: 1, max: MOST_CHANNELS }),
      mean: fields.number("mean"),
      deviation: fields.number("deviation", { min: Number.MIN_VALUE }),
    };
    return new ImageForm(sizes, architecture);
  }

  encode(where: string, input: CaptionerInput): EncodedInput {
    return encodedImage(where, input, this);
  }

  sourceOf(images: readonly EncodedInput[]): Source {
    const { height, channels, mean, deviation } = this;
    const lengths = Int32Array.from(images, ({ width }) => width);
    const width = Math.max(...lengths);
    const data = new Float32Array(images.length * height * width * channels);
    for (const [image, { values, width: own }] of images.entries()) {
      for (let y = 0; y < height; y++) {
        const from = y * own * channels;
        const to = (image * height + y) * width * channels;
        for (let i = 0; i < own * channels; i++) data[to + i] = ((values[from + i] as number) - mean) / deviation;
      }
    }
    return { x: Tensor.owning(data, [images.length, height, width, channels]), lengths };
  }

  encoder(architecture: EncoderArchitecture, seed: Seed): Sequential {
    return imageEncoder(this, { ...this.#architecture, ...architecture }, seed);
  }

  toJson(): object {
    const { height, channels, mean, deviation } = this;
    return { height, channels, mean, deviation };
  }
}

/** Looks at training pictures. */
export class ImageSurvey implements FormSurvey {
  readonly #architecture: ImageArchitecture;
  readonly #moments = new RunningMoments();
  #first: { readonly height: number; readonly channels: number } | undefined;

  constructor(architecture: ImageArchitecture) {
    this.#architecture = architecture;
  }

  add(where: string, input: CaptionerInput): void {
    const { values } = encodedImage(where, input, this.#first);
    const { height, channels = 1 } = input as CaptionerImage;
    this.#first ??= { height, channels };
    for (const value of values) this.#moments.add(value);
  }

  finish(): ImageForm {
    const { height, channels } = this.#first as { height: number; channels: number };
    const { mean, deviation } = this.#moments;
    return new ImageForm({ height, channels, mean, deviation }, this.#architecture);
  }
}

/** @throws {UnrolledError} `UNROLLED_DATA` where it is no picture, or none like those before. */
function encodedImage(
  where: string,
  input: CaptionerInput,
  like: { readonly height: number; readonly channels: number } | undefined,
): EncodedInput {
  const image = (typeof input === "object" && input !== null ? input : {}) as Partial<CaptionerImage>;
  const { height = 0, width = 0, channels = 1, data } = image;
  const sizes = [height, width, channels];
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 1) || typeof data !== "object") {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: expected an image { height, width, channels, data }, received ${described(input)}.`,
    );
  }
  if (data.length !== height * width * channels) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: an image of ${sizes.join(" × ")} has ${height * width * channels} numbers, received ${data.length}.`,
    );
  }
  if (like && (height !== like.height || channels !== like.channels)) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: all images must be ${like.height} pixels high with ${like.channels} ${like.channels === 1 ? "channel" : "channels"}, as the first is, ` +
        `received ${height} with ${channels}; scale them beforehand.`,
    );
  }
  const values = data instanceof Float32Array ? data : Float32Array.from(data);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return { values, width };
  const place = [Math.floor(wrong / channels / width), Math.floor(wrong / channels) % width, wrong % channels];
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: every number of an image must be finite, received ${data[wrong]} at [${place.join(", ")}].`,
  );
}
