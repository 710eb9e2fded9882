import { RandomStream, type Seed } from "../tensor/random.js";

/**
 * The random numbers of one epoch's order: a function of seed and epoch alone, so that an epoch has the same order whether or not training
 * was interrupted before it.
 *
 * @param epoch from 1
 */
export function orderStream(seed: Seed, epoch: number): RandomStream {
  return new RandomStream(seed, "shuffling", epoch);
}

/** Puts items in a random order, in place (Fisher & Yates 1938; Durstenfeld 1964). */
export function shuffle<A extends { [index: number]: unknown; readonly length: number }>(items: A, random: RandomStream): A {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const held = items[last];
    items[last] = items[other];
    items[other] = held;
  }
  return items;
}

/** The numbers 0 … count − 1 in the order of an epoch. */
export function shuffledIndices(count: number, random: RandomStream): Int32Array {
  return shuffle(
    Int32Array.from({ length: count }, (_, index) => index),
    random,
  );
}

/**
 * Examples read lazily in a random order, as far as a buffer allows: it is filled, then a random one of it is given for each that is read.
 * With a buffer of one the order stays. An example never comes earlier than `size` − 1 places before its own.
 *
 * @param size of the buffer, in examples: what is in memory at a time
 */
export async function* shuffleBuffered<E>(examples: AsyncIterable<E>, size: number, random: RandomStream): AsyncGenerator<E> {
  const buffer: E[] = [];
  for await (const example of examples) {
    buffer.push(example);
    if (buffer.length >= size) yield takeOne(buffer, random);
  }
  yield* shuffle(buffer, random);
}

function takeOne<E>(buffer: E[], random: RandomStream): E {
  const place = random.integer(buffer.length);
  const taken = buffer[place] as E;
  buffer[place] = buffer.at(-1) as E;
  buffer.pop();
  return taken;
}
