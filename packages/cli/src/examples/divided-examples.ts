import { type Reader, type SplitFractions, splitByGroup, splitBySeed } from "@unrolled/data";
import { type Data, UnrolledError } from "unrolled";
import { count, counted } from "../display/quantities.js";
import type { HeldOut } from "../option-values.js";
import { inMemory, readerOf } from "./in-memory.js";

/** The share of the data that is kept for validation, and that for testing, unless something else is asked for. */
const SHARE = 0.1;

/** Examples to learn from, to choose by, and to measure on. */
export interface DividedExamples<E> {
  readonly train: Data<E>;
  readonly validation: Data<E>;
  readonly test: Data<E>;
}

/** Where a task's examples come from. */
export interface ExampleSource<E> {
  /**
   * The examples of files.
   *
   * @param known what was learned from others, outside of which nothing can be measured
   */
  open(paths: readonly string[], known?: ReadonlySet<string>): Promise<Reader<E>>;
  /** What belongs together, on the same side of a split by chance. Default: each example stands for itself. */
  readonly groupOf?: (example: E) => string;
  /** What only training can teach of an example: its labels. */
  learned(example: E): readonly string[];
}

/**
 * Divides files into parts: by chance, which a seed decides, or by files of their own. Shares are those of all the data.
 *
 * @param mostBytes about how much is held; of more, the parts are read anew each time
 * @throws {UnrolledError} `UNROLLED_VALUE` where the shares leave nothing to train on, `UNROLLED_DATA` where a part has no example, and what
 * reading throws.
 */
export async function divideExamples<E>(
  source: ExampleSource<E>,
  paths: readonly string[],
  held: { readonly validation?: HeldOut; readonly test?: HeldOut },
  seed: number,
  mostBytes?: number,
): Promise<DividedExamples<E>> {
  const { validation = { fraction: SHARE }, test = { fraction: SHARE } } = held;
  const fractions = fractionsOf(validation, test);
  const whole = await inMemory(await source.open(paths), mostBytes);
  const { groupOf } = source;
  const parts = groupOf
    ? await splitByGroup(readerOf(whole), groupOf, fractions, seed, (example) => source.learned(example))
    : await splitBySeed(readerOf(whole), fractions, seed, (example) => source.learned(example));
  const partOf = async (read: Reader<E>) => (typeof whole === "function" ? read : await inMemory(read, Number.POSITIVE_INFINITY));
  const train = await partOf(parts.train);
  const known = "file" in validation || "file" in test ? await learnedFrom(source, train) : undefined;
  const heldOut = async (name: "validation" | "test", from: HeldOut): Promise<Data<E>> => {
    const data = "file" in from ? await inMemory(await source.open([from.file], known), mostBytes) : await partOf(parts[name]);
    if (typeof data === "function" || data.length > 0) return data;
    throw tooFew(paths, name, typeof whole === "function" ? 0 : whole.length, groupOf !== undefined);
  };
  return { train, validation: await heldOut("validation", validation), test: await heldOut("test", test) };
}

/** "Training on 800 examples, validating on 100, testing on 100." */
export function sizesInWords({ train, validation, test }: DividedExamples<unknown>, unit: string): string {
  const size = (data: Data<unknown>) => (typeof data === "function" ? "those" : count(data.length));
  if (typeof train === "function") {
    return `The ${unit} are more than memory holds easily, so they are read anew in each epoch.`;
  }
  return `Training on ${size(train)} ${unit}, validating on ${size(validation)}, testing on ${size(test)}.`;
}

function fractionsOf(validation: HeldOut, test: HeldOut): SplitFractions {
  const shares = [validation, test].map((part) => ("fraction" in part ? part.fraction : 0));
  const [ofValidation = 0, ofTest = 0] = shares;
  if (ofValidation + ofTest < 1) return { train: 1 - ofValidation - ofTest, validation: ofValidation, test: ofTest };
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `--validation ${ofValidation} and --test ${ofTest} leave nothing to train on; together they must stay below 1.`,
  );
}

async function learnedFrom<E>(source: ExampleSource<E>, train: Data<E>): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for await (const example of readerOf(train)()) for (const name of source.learned(example)) known.add(name);
  return known;
}

function tooFew(paths: readonly string[], part: "validation" | "test", examples: number, areGrouped: boolean): UnrolledError {
  const purpose = part === "test" ? "testing" : "validation";
  const why =
    areGrouped && examples > 2
      ? ", since those that belong together (of one group, source or picture), and those that teach a label, are not parted"
      : "";
  const leave = `${counted(examples, "example")} ${examples === 1 ? "leaves" : "leave"}`;
  return new UnrolledError(
    "UNROLLED_DATA",
    `${paths.join(", ")}: ${leave} none for ${purpose}${why}; give more, or a larger --${part}, or a file for it.`,
  );
}
