import { setTimeout as wait } from "node:timers/promises";

/** What the first of a group waits for others at most, in milliseconds. */
const PATIENCE = 50;

/**
 * Items in groups of at most `size`: those that come within a moment, so that a file's are taken many at a time, and of a terminal or a pipe that
 * waits for its answer none is kept back. Before an error of the source comes the group that was begun.
 */
export async function* arrivingTogether<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  const source = items[Symbol.asyncIterator]();
  try {
    for (let next = source.next(); ; ) {
      const first = await next;
      if (first.done) return;
      const group = [first.value];
      const patience = new AbortController();
      const tooLate = wait(PATIENCE, undefined, { signal: patience.signal }).catch(() => undefined);
      next = source.next();
      while (group.length < size) {
        // none where it is too late, or where the next is an error
        const result = await Promise.race([next.catch(() => undefined), tooLate]);
        if (result === undefined || result.done) break;
        group.push(result.value);
        next = source.next();
      }
      patience.abort();
      next.catch(() => undefined); // is told when it is its turn
      yield group;
    }
  } finally {
    // not awaited: a generator returns only when what it waits for has come
    source.return?.().catch(() => undefined);
  }
}
