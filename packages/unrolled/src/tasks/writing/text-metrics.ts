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

/** @param side that of the texts written */
export function textMetrics(answers: readonly string[], references: readonly string[], side: TextSide): TextMetrics {
  const right = references.map((text) => side.folded(text));
  return {
    bleu: bleu(answers, right, { tokenize: side.vocabulary.splitPunctuation ? "13a" : "none" }),
    chrF: chrF(answers, right),
    exactMatch: exactMatch(answers, right),
    wordError: wordErrorRate(answers, right),
  };
}
