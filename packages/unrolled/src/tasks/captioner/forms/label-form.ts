import { described } from "../../../described.js";
import { UnrolledError } from "../../../errors.js";
import type { JsonObject } from "../../../files/json/object.js";
import { dropout } from "../../../layers/dropout.js";
import { embedding } from "../../../layers/embedding.js";
import type { Source } from "../../../layers/layer.js";
import { type Sequential, sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import { Tensor } from "../../../tensor/tensor.js";
import type { EncodedInput } from "../../writing/source-side.js";
import type { CaptionerInput } from "../examples.js";
import type { CaptionerForm, EncoderArchitecture, FormSurvey } from "./form.js";

/** Labels that an error message lists. */
const LISTED = 10;

/** Labels, each with a trained vector. */
export class LabelForm implements CaptionerForm {
  readonly name = "label";
  readonly files = {};
  readonly labels: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(labels: readonly string[]) {
    this.labels = labels;
    this.#places = new Map(labels.map((label, place) => [label, place]));
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static fromJson(fields: JsonObject): LabelForm {
    return new LabelForm(fields.array("labels", "string", { minLength: 1 }));
  }

  encode(where: string, input: CaptionerInput): EncodedInput {
    const place = this.#places.get(checkedLabel(where, input));
    if (place !== undefined) return { values: Int32Array.of(place), width: 1 };
    const more = this.labels.length > LISTED ? `, and ${this.labels.length - LISTED} more` : "";
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: the label must be one that was trained on (${this.labels.slice(0, LISTED).join(", ")}${more}), received ${described(input)}.`,
    );
  }

  sourceOf(labels: readonly EncodedInput[]): Source {
    return {
      x: Tensor.owning(
        Int32Array.from(labels, ({ values }) => values[0] as number),
        [labels.length],
      ),
    };
  }

  encoder({ units, dropout: rate }: EncoderArchitecture, seed: Seed): Sequential {
    return sequential([embedding({ vocabularySize: this.labels.length, units }), dropout(rate)], { seed });
  }

  toJson(): object {
    return { labels: this.labels };
  }
}

/** Looks at training labels. */
export class LabelSurvey implements FormSurvey {
  readonly #labels = new Set<string>();

  add(where: string, input: CaptionerInput): void {
    this.#labels.add(checkedLabel(where, input));
  }

  finish(): LabelForm {
    return new LabelForm([...this.#labels]);
  }
}

function checkedLabel(where: string, input: CaptionerInput): string {
  if (typeof input === "string" && input !== "") return input;
  throw new UnrolledError("UNROLLED_DATA", `${where}: the label must be a text that is not empty, received ${described(input)}.`);
}
