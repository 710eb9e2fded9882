import type { Tensor } from "../../tensor/tensor.js";
import type { ClassifierInput, InputName } from "./examples.js";

/** An input as numbers: indices of tokens, steps of numbers one after another, or the numbers of a row. */
export type EncodedInput = Int32Array | Float32Array;

/** A part of an input that can be left out. */
export interface InputPart {
  /** A word, a step's number from 0 on, or a column's name. */
  readonly part: string;
  /** The input without it. */
  readonly without: EncodedInput;
}

/** How inputs of one kind become numbers: learned from the training data alone, and kept in the model's files. */
export interface InputForm {
  readonly name: InputName;
  /**
   * @param where which input it is, in errors
   * @throws {UnrolledError} `UNROLLED_DATA` where it is no input of this kind.
   */
  encode(input: ClassifierInput, where: string): EncodedInput;
  /** Steps of an input; 1 for a row. */
  lengthOf(encoded: EncodedInput): number;
  /** Inputs side by side, with lengths where they have time. */
  batchOf(encoded: readonly EncodedInput[]): { readonly x: Tensor; readonly lengths?: Int32Array };
  /** The input's parts, each left out in turn. */
  partsOf(input: ClassifierInput, where: string): readonly InputPart[];
  /** Whether a value is several inputs and not one. */
  isMany(value: ClassifierInput | readonly ClassifierInput[]): value is readonly ClassifierInput[];
  /** What `config.json` keeps of it. */
  toJson(): object;
}

/** Looks at the training inputs one by one, and makes the form that they call for. */
export interface InputSurvey<F extends InputForm> {
  add(input: ClassifierInput, where: string): void;
  /** @param notice told what is done about missing values */
  finish(notice: (text: string) => void): F;
}
