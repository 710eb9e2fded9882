import { bleu } from "../scores/bleu.js";
import { chrF } from "../scores/chrf.js";
import { exactMatch, wordErrorRate } from "../scores/word-error.js";
import type { TextSide } from "./text-side.js";

/** How near written texts come to the right ones. */
export interface TextMetrics {
  /** Of the whole corpus, from 0 to 100, as sacreBLEU has it: of its tokens, or of the texts' own where spaces part these. */
  bleu: number;
  /** From 0 to 100, as sacreBLEU has it. */
  chrF: number;
  /** The part of texts that are right as a whole, from 0 to 1. */
  exactMatch: number;
  /** Insertions, deletions and substitutions of words by the words of the right texts. */
  wordError: number;
}

/**
 * How near answers come to references: in lower case where the side has none but that, and by the tokens that it is of.
 *
 * @param side that of the texts written
 * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all.
 */
export function textMetrics(answers: readonly string[], references: readonly string[], side: TextSide): TextMetrics {
  const [own, right] = [answers, references].map((texts) => texts.map((text) => side.folded(text))) as [string[], string[]];
  return {
    bleu: bleu(own, right, { tokenize: side.vocabulary.splitPunctuation ? "13a" : "none" }),
    chrF: chrF(own, right),
    exactMatch: exactMatch(own, right),
    wordError: wordErrorRate(own, right),
  };
}
