import { UnrolledError } from "unrolled";
import { arrivingTogether } from "./arriving-together.js";

/** What a model is asked about, and where it stands. */
export interface Question<I> {
  readonly input: I;
  readonly place: string;
}

/** How a model answers. */
interface Answering<I, A> {
  one(input: I): Promise<A>;
  many(inputs: readonly I[]): Promise<A[]>;
}

/**
 * Questions with their answers, found side by side for those that come together. Where one can't be answered, those before it are, and then the error tells its place.
 *
 * @param atOnce how many at most
 */
export async function* answeredTogether<I, A>(
  questions: AsyncIterable<Question<I>>,
  atOnce: number,
  { one, many }: Answering<I, A>,
): AsyncGenerator<Question<I> & { readonly answer: A }> {
  for await (const some of arrivingTogether(questions, atOnce)) {
    const answers = await many(some.map(({ input }) => input)).catch(() => undefined);
    for (const [index, question] of some.entries()) {
      yield { ...question, answer: answers ? (answers[index] as A) : await one(question.input).catch(at(question.place)) };
    }
  }
}

function at(place: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof UnrolledError)) throw error;
    throw new UnrolledError(error.code, `${place}: ${error.message}`, { cause: error });
  };
}
