import { taggerInputs } from "@unrolled/data";
import { UnrolledError } from "unrolled";
import type { ModelStore } from "unrolled/files";
import { entitiesOf, spacedWordTokenizer, type TaggedSentence, type Tagger, wordTokenizer } from "unrolled/tasks";
import { answeredTogether, type Question } from "../examples/answered-together.js";
import { askedTexts } from "../examples/input-lines.js";
import { openInputsForModel } from "../examples/model-records.js";
import type { Host } from "../host.js";

/** What is asked of a tagger. */
interface TaggerQuestions {
  readonly texts: readonly string[];
  readonly file?: string;
  readonly input?: string[];
  /** Whether marks are words of their own, or spaces part words and marks already. */
  readonly splitPunctuation: boolean;
  readonly json: boolean;
}

/** Sentences that are tagged side by side. */
const AT_ONCE = 256;

/** The sentences with their tags, a token a line and an empty line behind each, or an object each, as they come. */
export async function* taggerPredictions(
  host: Host,
  store: ModelStore,
  model: Tagger,
  questions: TaggerQuestions,
): AsyncGenerator<string> {
  for await (const { input, answer } of answeredTogether(sentencesOf(host, store, questions), AT_ONCE, (sentences) =>
    model.predict(sentences),
  )) {
    yield questions.json ? asJson(model, input, answer) : `${asLines(input, answer)}\n`;
  }
}

async function* sentencesOf(
  host: Host,
  store: ModelStore,
  { texts, file, input, splitPunctuation }: TaggerQuestions,
): AsyncGenerator<Question<readonly string[]>> {
  const { split: tokensOf } = splitPunctuation ? wordTokenizer : spacedWordTokenizer;
  const split = (text: string) => tokensOf(text).filter((token) => token !== "\n");
  if (file === undefined) {
    for await (const { text, place } of askedTexts(host, texts)) {
      const tokens = split(text);
      if (tokens.length === 0) throw new UnrolledError("UNROLLED_DATA", `${place}: expected a sentence, received no word.`);
      yield { input: tokens, place };
    }
    return;
  }
  const { records, columns } = await openInputsForModel(host, store, "tagger", file, input);
  const tokensFrom = taggerInputs(records, columns, split);
  for await (const { values, place } of records.rows()) yield { input: tokensFrom(values, place), place };
}

function asJson({ trainedWith }: Tagger, tokens: readonly string[], { tags, probabilities }: TaggedSentence): string {
  const entities = trainedWith.marksEntities
    ? { entities: entitiesOf(tags).map(({ start, end, type }) => ({ start, end, type })) }
    : {};
  return `${JSON.stringify({ tokens, tags, probabilities, ...entities })}\n`;
}

/** As in a CoNLL file, so that it can be read as one. */
function asLines(tokens: readonly string[], { tags }: TaggedSentence): string {
  return tokens.map((token, index) => `${token}\t${tags[index]}\n`).join("");
}
