import { UnrolledError } from "../errors.js";

/** Read again every epoch: an array, or a function that gives the examples anew. It is told which epoch they are for, from 1. */
export type Data<E> = readonly E[] | ((epoch: number) => AsyncIterable<E>);

/**
 * Goes through data once.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where it is neither an array nor a function that gives examples.
 */
export async function* examplesOf<E>(data: Data<E> | Iterable<E>, epoch = 1): AsyncGenerator<E> {
  if (typeof data !== "function") {
    if (!isIterable(data)) throw noData("received", data);
    yield* data;
    return;
  }
  const examples = data(epoch) as Partial<AsyncIterable<E>> | undefined;
  if (!examples?.[Symbol.asyncIterator] && !isIterable(examples)) throw noData("received a function that gives", examples);
  for await (const example of examples as AsyncIterable<E>) yield example;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function noData(how: string, received: unknown): UnrolledError {
  const what = received instanceof Promise ? "a promise" : received === null ? "null" : typeof received;
  return new UnrolledError(
    "UNROLLED_DATA",
    `data: expected an array of batches, or a function that gives them anew each time (async function* () { … }), ${how} ${what}; ` +
      "put a single batch into an array.",
  );
}
