import { described } from "../../../described.js";
import { UnrolledError } from "../../../errors.js";
import type { JsonObject } from "../../../files/json/object.js";
import { dense } from "../../../layers/dense.js";
import { dropout } from "../../../layers/dropout.js";
import type { Source } from "../../../layers/layer.js";
import { type Sequential, sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import { Tensor } from "../../../tensor/tensor.js";
import { RunningMoments } from "../../running-moments.js";
import type { EncodedInput } from "../../writing/source-side.js";
import type { CaptionerInput } from "../examples.js";
import type { CaptionerForm, EncoderArchitecture, FormSurvey } from "./form.js";

/** Vectors of one length: each number less its mean in the training data, divided by its standard deviation there. */
export class VectorForm implements CaptionerForm {
  readonly name = "vector";
  readonly files = {};
  readonly means: readonly number[];
  readonly deviations: readonly number[];

  constructor(means: readonly number[], deviations: readonly number[]) {
    this.means = means;
    this.deviations = deviations;
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static fromJson(fields: JsonObject): VectorForm {
    const means = fields.array("means", "number", { minLength: 1 });
    const length = { minLength: means.length, maxLength: means.length };
    return new VectorForm(means, fields.array("deviations", "number", { ...length, min: Number.MIN_VALUE }));
  }

  encode(where: string, input: CaptionerInput): EncodedInput {
    return encodedVector(where, input, this.means.length);
  }

  sourceOf(vectors: readonly EncodedInput[]): Source {
    const size = this.means.length;
    const data = new Float32Array(vectors.length * size);
    for (const [row, { values }] of vectors.entries()) {
      for (const [i, value] of values.entries()) {
        data[row * size + i] = (value - (this.means[i] as number)) / (this.deviations[i] as number);
      }
    }
    return { x: Tensor.owning(data, [vectors.length, size]) };
  }

  encoder({ units, dropout: rate }: EncoderArchitecture, seed: Seed): Sequential {
    return sequential([dense({ inputSize: this.means.length, units, activation: "tanh" }), dropout(rate)], { seed });
  }

  toJson(): object {
    return { means: this.means, deviations: this.deviations };
  }
}

/** Looks at training vectors. */
export class VectorSurvey implements FormSurvey {
  #moments: RunningMoments[] | undefined;

  add(where: string, input: CaptionerInput): void {
    const { values } = encodedVector(where, input, this.#moments?.length);
    this.#moments ??= Array.from(values, () => new RunningMoments());
    for (const [i, value] of values.entries()) this.#moments[i]?.add(value);
  }

  finish(): VectorForm {
    const moments = this.#moments ?? [];
    return new VectorForm(
      moments.map(({ mean }) => mean),
      moments.map(({ deviation }) => deviation),
    );
  }
}

/** @throws {UnrolledError} `UNROLLED_DATA` where it is no vector of that length. */
function encodedVector(where: string, input: CaptionerInput, size: number | undefined): EncodedInput {
  const isArray = Array.isArray(input) || (ArrayBuffer.isView(input) && "length" in input);
  if (!isArray || input.length === 0 || (size !== undefined && input.length !== size)) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: expected a vector of ${size ?? "one or more"} numbers, received ${isArray ? input.length : described(input)}.`,
    );
  }
  const values = Float32Array.from(input as ArrayLike<number>);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return { values, width: 1 };
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: every number of a vector must be finite, received ${input[wrong]} at position ${wrong}.`,
  );
}
