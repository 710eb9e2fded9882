import { type Data, examplesOf } from "../../data/data.js";
import { described } from "../../described.js";
import { UnrolledError } from "../../errors.js";
import { checkText } from "../writing/check-text.js";
import type { WriterExample } from "../writing/examples.js";

/** A text and what it becomes. */
export interface TranslatorExample {
  /** What is read; not empty. */
  readonly source: string;
  /** What it becomes; not empty. */
  readonly target: string;
}

/** What examples look like, in words. */
export const FORM_OF_EXAMPLES = "{ source, target }";

/** Examples, checked. */
export async function* checkedExamples(
  where: string,
  data: Data<TranslatorExample>,
  epoch = 1,
): AsyncGenerator<WriterExample<string>> {
  let index = 0;
  for await (const example of examplesOf(data, epoch)) {
    const at = `${where}: example ${index++}`;
    if (typeof example !== "object" || example === null) {
      throw new UnrolledError("UNROLLED_DATA", `${at} must be ${FORM_OF_EXAMPLES}, received ${described(example)}.`);
    }
    const { source, target } = example;
    checkText(`${at}: \`source\``, source);
    checkText(`${at}: \`target\``, target);
    yield { where: at, input: source, text: target };
  }
}
