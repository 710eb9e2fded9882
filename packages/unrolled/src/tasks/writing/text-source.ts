import { paddedIndices } from "../../data/padding.js";
import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import type { Source } from "../../layers/layer.js";
import type { EncodedInput, SourceSide } from "./source-side.js";
import { readSide, sideConfig, sideFiles } from "./stored.js";
import type { TextSide } from "./text-side.js";

/** Texts that are read token by token, and their end. */
export class TextSource implements SourceSide<string> {
  readonly side: TextSide;
  readonly #name: string;

  /** @param name what its files' names begin with */
  constructor(name: string, side: TextSide) {
    this.#name = name;
    this.side = side;
  }

  /** @throws {UnrolledError} `UNROLLED_FILE` where its file is missing or damaged. */
  static async read(store: ModelStore, name: string, fields: JsonObject): Promise<TextSource> {
    return new TextSource(name, await readSide(store, name, fields));
  }

  encode(_where: string, text: string): EncodedInput {
    const values = this.side.encode(text);
    return { values, width: values.length };
  }

  sourceOf(texts: readonly EncodedInput[]): Source {
    return paddedIndices(texts.map(({ values }) => values as Int32Array));
  }

  toJson(): object {
    return sideConfig(this.side);
  }

  get files(): Readonly<Record<string, object>> {
    return sideFiles(this.#name, this.side);
  }
}
