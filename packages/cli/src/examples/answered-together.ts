import { UnrolledError } from "unrolled";
import { arrivingTogether } from "./arriving-together.js";

/** What a model is asked about, and where it stands. */
export interface Question<I> {
  readonly input: I;
  readonly place: string;
}

/**
 * Questions with their answers, found side by side for those that come together. Where one can't be answered, those before it are, and then the error tells its place.
 *
 * @param atOnce how many at most
 * @param answer a model's answers to some inputs
 */
export async function* answeredTogether<I, A>(
  questions: AsyncIterable<Question<I>>,
  atOnce: number,
  answer: (inputs: readonly I[]) => Promise<readonly A[]>,
): AsyncGenerator<Question<I> & { readonly answer: A }> {
  for await (const some of arrivingTogether(questions, atOnce)) {
    const answers = await answer(some.map(({ input }) => input)).catch(unlessOfData);
    for (const [index, question] of some.entries()) {
      const [alone] = answers ? [answers[index]] : await answer([question.input]).catch(tellingPlace(question.place));
      yield { ...question, answer: alone as A };
    }
  }
}

/** Undefined for what is wrong with some of the data. */
function unlessOfData(error: unknown): undefined {
  if (error instanceof UnrolledError && error.code === "UNROLLED_DATA") return undefined;
  throw error;
}

/** Throws an error again, with the place that it is about. */
export function tellingPlace(place: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UnrolledError)) throw error;
    throw new UnrolledError(error.code, `${place}: ${error.message}`, { cause: error });
  };
}
