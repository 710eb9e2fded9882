import type { Answer, AnswerOptions } from "unrolled/tasks";
import { writePicture } from "../display/written-picture.js";
import { answeredTogether, type Question, tellingPlace } from "../examples/answered-together.js";
import { givenOptions } from "../given-options.js";
import type { Host } from "../host.js";
import { withPrompt } from "../streamed-text.js";

/** What is asked of a model that writes. */
export interface WritingQuestions {
  /** What is asked about, given as arguments. */
  readonly texts: readonly string[];
  readonly file?: string;
  readonly input?: string[];
  readonly beam?: number;
  readonly nBest?: number;
  /** Where the attention of the first answer is drawn. */
  readonly svg?: string;
  readonly json: boolean;
}

interface WrittenAnswer extends Answer {
  readonly alternatives: readonly Answer[];
}

/** A model that writes about inputs. */
interface WritingModel<I, A> {
  predict(inputs: readonly I[], options: AnswerOptions): Promise<A[]>;
  stream(input: I): AsyncIterable<string>;
}

/** How a task shows what its model wrote. */
interface Showing<I, A> {
  /** What a line begins with. */
  before(input: I): string;
  /** All that is known of an answer but its alternatives. */
  asObject(input: I, answer: A): object;
  /** The attention of an answer as SVG. */
  draw(input: I, answer: A): string;
}

/** Inputs that are written about side by side. */
const AT_ONCE = 64;

/** What is written about each input, a line or an object each, as they come; with one beginning followed and nothing else asked, word by word. */
export async function* writtenPredictions<I, A extends WrittenAnswer>(
  host: Host,
  model: WritingModel<I, A>,
  questions: AsyncIterable<Question<I>>,
  { beam, nBest, svg, json }: WritingQuestions,
  { before, asObject, draw }: Showing<I, A>,
): AsyncGenerator<string> {
  if (beam === 1 && (nBest ?? 1) === 1 && !json && svg === undefined) {
    for await (const { input, place } of questions) {
      yield* toldBy(place, withPrompt(before(input), model.stream(input)));
      yield "\n";
    }
    return;
  }
  const options = givenOptions({ beam, nBest });
  let toDraw = svg;
  for await (const { input, answer } of answeredTogether(questions, AT_ONCE, (inputs) => model.predict(inputs, options))) {
    if (toDraw !== undefined) {
      await writePicture(toDraw, draw(input, answer));
      host.messages.write(`What was read for each word is drawn in ${toDraw}.\n`);
      toDraw = undefined;
    }
    yield json ? `${JSON.stringify({ ...asObject(input, answer), ...others(answer) })}\n` : asLines(before(input), answer);
  }
}

/** Pieces of a text, and an error with the place that it is about. */
async function* toldBy(place: string, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    tellingPlace(place)(error);
  }
}

function others({ alternatives }: WrittenAnswer): object {
  if (alternatives.length === 0) return {};
  return { alternatives: alternatives.map(({ text, score, logProbability }) => ({ text, score, logProbability })) };
}

function asLines(before: string, { text, score, alternatives }: WrittenAnswer): string {
  if (alternatives.length === 0) return `${before}${text}\n`;
  return [{ text, score }, ...alternatives].map((one) => `${before}${one.score.toFixed(3)}\t${one.text}\n`).join("");
}
