import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { type ClassifierExample, shown } from "./examples.js";
import type { EncodedInput, InputForm } from "./input-form.js";
import type { Labels } from "./labels.js";

/** An example as numbers. */
export interface Encoded {
  readonly input: EncodedInput;
  readonly labels: readonly number[];
}

/** @throws {UnrolledError} `UNROLLED_DATA` for what is no example. */
export function checkedExample(example: ClassifierExample, where: string): ClassifierExample {
  if (typeof example === "object" && example !== null && "input" in example && "label" in example) return example;
  throw new UnrolledError("UNROLLED_DATA", `${where}: it must be { input, label }, received ${shown(example)}.`);
}

/** Examples as numbers: at once where they are in memory, else as they are read. */
export function encoded(examples: Data<ClassifierExample>, form: InputForm, labels: Labels, where: string): Data<Encoded> {
  const one = (example: ClassifierExample, place: number): Encoded => {
    const here = `${where} ${place}`;
    const { input, label } = checkedExample(example, here);
    return { input: form.encode(input, here), labels: labels.encode(label, here) };
  };
  if (typeof examples !== "function") return examples.map(one);
  return async function* (epoch) {
    let place = 0;
    for await (const example of examples(epoch)) yield one(example, place++);
  };
}
