import { type Cut, type KnownPattern, PATTERNS } from "./rules.js";

/**
 * The words of a stretch of text, which put together are the stretch, but for what a cut takes away (white space) or sets before it.
 *
 * @param isFirst whether nothing stands before it
 */
export function cutIntoWords(text: string, cuts: readonly Cut[], isFirst: boolean): string[] {
  let words = text === "" ? [] : [text];
  for (const cut of cuts) words = words.flatMap((word, place) => cutBy(word, cut, isFirst && place === 0));
  return words;
}

function cutBy(text: string, cut: Cut, isFirst: boolean): readonly string[] {
  switch (cut.type) {
    case "ByteLevel": {
      const spaced = cut.addPrefixSpace && !text.startsWith(" ") ? ` ${text}` : text;
      return cut.useRegex ? matches(spaced, WORDS.gpt2) : [spaced];
    }
    case "Metaspace":
      return cutBySpaces(text, cut, isFirst);
    case "Split":
      return matches(text, WORDS[cut.pattern]);
    case "Digits":
      return matches(text, cut.individualDigits ? SINGLE_DIGITS : DIGITS);
    case "Whitespace":
      return matches(text, WORDS_AND_MARKS);
    case "WhitespaceSplit":
      return matches(text, NO_SPACE);
  }
}

function cutBySpaces(
  text: string,
  { replacement, prependScheme, split }: Extract<Cut, { type: "Metaspace" }>,
  isFirst: boolean,
): readonly string[] {
  const marked = text.replaceAll(" ", () => replacement);
  const prepends = prependScheme === "always" || (prependScheme === "first" && isFirst);
  const whole = prepends && !marked.startsWith(replacement) ? replacement + marked : marked;
  if (!split) return [whole];
  // each mark begins a word
  const words: string[] = [];
  let from = 0;
  for (let next = whole.indexOf(replacement, 1); next >= 0; next = whole.indexOf(replacement, next + 1)) {
    words.push(whole.slice(from, next));
    from = next;
  }
  words.push(whole.slice(from));
  return words;
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return text.match(pattern) ?? [];
}

/** Unicode's white space, which is not quite that of `\s` in JavaScript (U+0085 and U+FEFF). */
const S = "\\p{White_Space}";
/** What `\w` is in the regular expressions of these files. */
const W = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}";

const WORDS: Readonly<Record<KnownPattern, RegExp>> = {
  gpt2: inUnicode(PATTERNS.gpt2),
  llama3: inUnicode(PATTERNS.llama3),
  qwen2: inUnicode(PATTERNS.qwen2),
};
const DIGITS = /\p{N}+|\P{N}+/gu;
const SINGLE_DIGITS = /\p{N}|\P{N}+/gu;
const WORDS_AND_MARKS = new RegExp(`[${W}]+|[^${W}${S}]+`, "gu");
const NO_SPACE = /\P{White_Space}+/gu;

/** A pattern as JavaScript reads it; the contractions are the one place where upper and lower case are alike. */
function inUnicode(pattern: string): RegExp {
  const contractions = "'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])";
  const written = pattern
    .replace(/\(\?i:[^)]*\)/u, () => contractions)
    .replaceAll("\\S", `\\P{White_Space}`)
    .replaceAll("\\s", S);
  return new RegExp(written, "gu");
}
