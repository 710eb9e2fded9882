import { UnrolledError } from "../../errors.js";
import { Tensor } from "../../tensor/tensor.js";
import { shown } from "./examples.js";

/** The classes that a model tells apart, in the order of its outputs. */
export class Labels {
  readonly names: readonly string[];
  /** Whether an example may have several, or none: each is a question of its own. */
  readonly several: boolean;
  readonly #indices: ReadonlyMap<string, number>;

  constructor(names: readonly string[], several: boolean) {
    this.names = names;
    this.several = several;
    this.#indices = new Map(names.map((name, index) => [name, index]));
  }

  get size(): number {
    return this.names.length;
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` for a label that is not known. */
  encode(label: string | readonly string[], where: string): number[] {
    const given = typeof label === "string" ? [label] : label;
    if (!this.several && typeof label !== "string") {
      throw new UnrolledError("UNROLLED_DATA", `${where}: \`label\` must be one text as in training, received ${shown(label)}.`);
    }
    return given.map((name) => {
      const index = this.#indices.get(name);
      if (index !== undefined) return index;
      const known = this.names.length > 10 ? `${this.names.slice(0, 10).join(", ")}, …` : this.names.join(", ");
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: the label ${shown(name)} was not in the training data; known are ${known}.`,
      );
    });
  }

  /** Labels as targets: classes `[batch]`, or 1 and 0 for each, `[batch, labels]`. */
  targets(encoded: readonly (readonly number[])[], smoothing: number): Tensor {
    if (!this.several) {
      return Tensor.owning(
        Int32Array.from(encoded, ([index]) => index as number),
        [encoded.length],
      );
    }
    const data = new Float32Array(encoded.length * this.size).fill(smoothing / 2);
    for (const [row, indices] of encoded.entries())
      for (const index of indices) data[row * this.size + index] = 1 - smoothing / 2;
    return Tensor.owning(data, [encoded.length, this.size]);
  }
}

/** Counts the labels of the training data. */
export class LabelSurvey {
  readonly #counts = new Map<string, number>();
  #several = false;

  /** @throws {UnrolledError} `UNROLLED_DATA` for what is no label. */
  add(label: string | readonly string[], where: string): void {
    if (Array.isArray(label)) this.#several = true;
    const given: readonly unknown[] = Array.isArray(label) ? label : [label];
    for (const name of given) {
      if (typeof name !== "string" || name === "") {
        throw new UnrolledError(
          "UNROLLED_DATA",
          `${where}: \`label\` must be a text, or an array of texts, received ${shown(name)}.`,
        );
      }
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  /** How many of the examples so far have each label. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** @throws {UnrolledError} `UNROLLED_DATA` where there is nothing to tell apart. */
  finish(): Labels {
    const names = [...this.#counts.keys()].sort();
    if (names.length >= (this.#several ? 1 : 2)) return new Labels(names, this.#several);
    const received = names.length === 0 ? "none" : `${JSON.stringify(names[0])} alone`;
    throw new UnrolledError("UNROLLED_DATA", `Classifier.train: at least 2 classes are needed, received ${received}.`);
  }
}
