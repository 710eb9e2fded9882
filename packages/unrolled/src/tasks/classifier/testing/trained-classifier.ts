import type { Data } from "../../../data/data.js";
import type { Seed } from "../../../tensor/random.js";
import { RandomStream } from "../../../tensor/random.js";
import { Classifier } from "../classifier.js";
import type { ClassifierExample, Row } from "../examples.js";
import type { ClassifierOptions } from "../options.js";
import { filmTalk } from "./film-talk.js";

/** Small, and trained in about a second. */
export function trainFilmTalk(
  options: ClassifierOptions = {},
  data: Data<ClassifierExample> = filmTalk(300, 1),
): Promise<Classifier> {
  return Classifier.train(data, {
    units: 12,
    embeddingUnits: 12,
    batchSize: 16,
    learningRate: 0.01,
    epochs: 16,
    patience: 100,
    seed: 7,
    ...options,
  });
}

/** Two variables of 3 to 9 steps, far from 0 and of very different size: which of three ways does the first one go? */
export function walks(count: number, seed: Seed): (ClassifierExample & { input: number[][] })[] {
  const random = new RandomStream(seed, "sampling");
  return Array.from({ length: count }, () => {
    const slope = random.integer(3) - 1;
    const steps = 3 + random.integer(7);
    const input = Array.from({ length: steps }, (_, step) => [
      1000 + slope * step + 0.3 * random.normal(),
      0.01 * random.normal(),
    ]);
    return { input, label: ["down", "flat", "up"][slope + 1] as string };
  });
}

const CITIES = Array.from({ length: 30 }, (_, index) => `city ${index}`);

/** Numbers, few categories, many categories, and a twentieth of it all missing: the class hangs on each of the three. */
export function households(count: number, seed: Seed): (ClassifierExample & { input: Row })[] {
  const random = new RandomStream(seed, "sampling");
  const held = <V>(value: V) => (random.integer(20) === 0 ? null : value);
  return Array.from({ length: count }, () => {
    const [income, owns, city] = [20_000 + 80_000 * random.uniform(), random.integer(2) === 1, random.integer(CITIES.length)];
    const points = (income > 60_000 ? 1 : 0) + (owns ? 1 : 0) + (city % 2);
    const input = { income: held(income), home: held(owns ? "own" : "rent"), city: held(CITIES[city] as string) };
    return { input, label: points >= 2 ? "yes" : "no" };
  });
}
