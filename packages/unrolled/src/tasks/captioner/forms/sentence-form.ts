import type { JsonObject } from "../../../files/json/object.js";
import type { ModelStore } from "../../../files/store.js";
import type { Sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import { LAYERS } from "../../model-files.js";
import { checkText } from "../../writing/check-text.js";
import type { EncodedInput } from "../../writing/source-side.js";
import { readSide } from "../../writing/stored.js";
import { textEncoder } from "../../writing/text-encoder.js";
import type { TextSide } from "../../writing/text-side.js";
import { TextSource } from "../../writing/text-source.js";
import { SideSurvey, type TextTokens } from "../../writing/tokens.js";
import type { CaptionerInput } from "../examples.js";
import type { CaptionerForm, EncoderArchitecture, FormSurvey } from "./form.js";

/** Sentences, token by token. */
export class SentenceForm extends TextSource implements CaptionerForm {
  readonly name = "sentence";
  readonly #encoderLayers: number;

  constructor(side: TextSide, encoderLayers: number) {
    super("sentence", side);
    this.#encoderLayers = encoderLayers;
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` for what is none. */
  static async fromFiles(store: ModelStore, fields: JsonObject): Promise<SentenceForm> {
    const encoderLayers = fields.integer("encoderLayers", LAYERS);
    return new SentenceForm(await readSide(store, "sentence", fields), encoderLayers);
  }

  override encode(where: string, input: CaptionerInput): EncodedInput {
    return super.encode(where, checkedSentence(where, input));
  }

  encoder(architecture: EncoderArchitecture, seed: Seed): Sequential {
    return textEncoder({ ...architecture, bidirectional: true, encoderLayers: this.#encoderLayers }, this.side.size, seed);
  }

  override toJson(): object {
    return { encoderLayers: this.#encoderLayers, ...super.toJson() };
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
  checkText(`${where}: the sentence`, input);
  return input;
}
