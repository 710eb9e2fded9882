/** How often each n-gram stands among tokens, by its tokens with a space between. */
export function countNgrams(tokens: readonly string[], order: number, between = " "): Map<string, number> {
  const counts = new Map<string, number>();
  for (let first = 0; first + order <= tokens.length; first++) {
    const ngram = tokens.slice(first, first + order).join(between);
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}
