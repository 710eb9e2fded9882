import type { Data } from "../../data/data.js";
import type { Page } from "./page-calls.js";

/** Examples that go to a worker at a time. */
const EXAMPLES_AT_ONCE = 256;

/** What stands for a function's examples in a worker: the name of the page's function that gives them. */
export interface DataOfPage {
  readonly call: string;
}

/** Some examples of one pass. */
type NextExamples = (pass: number, epoch: number) => Promise<unknown[]>;

/** A function's examples, for a worker to ask for, pass by pass; a pass that another one follows is given up. */
export function examplesCall(data: (epoch: number) => AsyncIterable<unknown>): NextExamples {
  let reading: { readonly pass: number; readonly examples: AsyncIterator<unknown> } | undefined;
  return async (pass, epoch) => {
    if (reading?.pass !== pass) {
      await reading?.examples.return?.();
      reading = { pass, examples: data(epoch)[Symbol.asyncIterator]() };
    }
    const some: unknown[] = [];
    while (some.length < EXAMPLES_AT_ONCE) {
      const next = await reading.examples.next();
      if (next.done) break;
      some.push(next.value);
    }
    return some;
  };
}

/** The page's examples, in its worker. */
export function pageExamples(page: Page, { call }: DataOfPage): Data<unknown> {
  let passes = 0;
  return async function* (epoch) {
    const pass = ++passes;
    for (let some: unknown[] | undefined; some === undefined || some.length === EXAMPLES_AT_ONCE; ) {
      some = await page.ask<unknown[]>(call, pass, epoch);
      yield* some;
    }
  };
}

/** Whether data came to the worker as a name of the page's function. */
export function isOfPage(data: unknown): data is DataOfPage {
  return typeof data === "object" && data !== null && !Array.isArray(data) && "call" in data;
}
