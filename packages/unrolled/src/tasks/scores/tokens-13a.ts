const ENTITIES: readonly (readonly [RegExp, string])[] = [
  [/&quot;/g, '"'],
  [/&amp;/g, "&"],
  [/&lt;/g, "<"],
  [/&gt;/g, ">"],
];

/** Marks by themselves; points and commas, but between digits; a dash behind a digit. */
const CUTS: readonly (readonly [RegExp, string])[] = [
  [/([{-~[-` -&(-+:-@/])/g, " $1 "],
  [/([^0-9])([.,])/g, "$1 $2 "],
  [/([.,])([^0-9])/g, " $1 $2"],
  [/([0-9])(-)/g, "$1 $2 "],
];

/** A text with spaces between its tokens: mteval's `13a`, which sacreBLEU uses by default (Post 2018). */
export function tokens13a(text: string): string {
  const line = text.replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  const plain = ENTITIES.reduce((so, [from, to]) => so.replace(from, to), line);
  return CUTS.reduce((so, [from, to]) => so.replace(from, to), ` ${plain} `).trim();
}
