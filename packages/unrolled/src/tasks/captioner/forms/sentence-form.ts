import { paddedIndices } from "../../../data/padding.js";
import { UnrolledError } from "../../../errors.js";
import type { JsonObject } from "../../../files/json/object.js";
import type { ModelStore } from "../../../files/store.js";
import type { Source } from "../../../layers/layer.js";
import type { Sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import { LAYERS } from "../../model-files.js";
import { readSide, sideConfig, sideFiles } from "../../writing/stored.js";
import { textEncoder } from "../../writing/text-encoder.js";
import type { TextSide } from "../../writing/text-side.js";
import { SideSurvey, type TextTokens } from "../../writing/tokens.js";
import { type CaptionerInput, described } from "../examples.js";
import type { CaptionerForm, EncodedInput, EncoderArchitecture, FormSurvey } from "./form.js";

/** Sentences, token by token. */
export class SentenceForm implements CaptionerForm {
  readonly name = "sentence";
  readonly #side: TextSide;
  readonly #encoderLayers: number;

  constructor(side: TextSide, encoderLayers: number) {
    this.#side = side;
    this.#encoderLayers = encoderLayers;
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static async fromFiles(store: ModelStore, fields: JsonObject): Promise<SentenceForm> {
    const encoderLayers = fields.integer("encoderLayers", LAYERS);
    return new SentenceForm(await readSide(store, "sentence", fields), encoderLayers);
  }

  encode(where: string, input: CaptionerInput): EncodedInput {
    const values = this.#side.encode(checkedSentence(where, input));
    return { values, width: values.length };
  }

  sourceOf(sentences: readonly EncodedInput[]): Source {
    return paddedIndices(sentences.map(({ values }) => values as Int32Array));
  }

  encoder(architecture: EncoderArchitecture, seed: Seed): Sequential {
    return textEncoder({ ...architecture, bidirectional: true, encoderLayers: this.#encoderLayers }, this.#side.size, seed);
  }

  toJson(): object {
    return { encoderLayers: this.#encoderLayers, ...sideConfig(this.#side) };
  }

  get files(): Readonly<Record<string, object>> {
    return sideFiles("sentence", this.#side);
  }
}

/** Looks at training sentences. */
export class SentenceSurvey implements FormSurvey {
  readonly #survey: SideSurvey;
  readonly #encoderLayers: number;

  constructor(tokens: TextTokens, encoderLayers: number) {
    this.#survey = new SideSurvey(tokens);
    this.#encoderLayers = encoderLayers;
  }

  add(where: string, input: CaptionerInput): void {
    this.#survey.add(checkedSentence(where, input));
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` where no token is frequent enough. */
  finish(where: string): SentenceForm {
    return new SentenceForm(this.#survey.finish(`${where}: sentence`), this.#encoderLayers);
  }
}

function checkedSentence(where: string, input: CaptionerInput): string {
  if (typeof input === "string" && input.trim() !== "") return input;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: the sentence must be a text that is not empty, received ${described(input)}.`,
  );
}
