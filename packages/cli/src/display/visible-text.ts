/** Control characters, and those that reorder or hide what stands around them: a terminal would obey them. */
const UNSAFE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** The text with every character visible that a terminal would obey, but for line ends and tabs; as many characters as before. */
export function safeForTerminal(text: string): string {
  return text.replace(UNSAFE, (character) => (character === "\n" || character === "\t" ? character : picture(character)));
}

/** The text on one line of at most `width` characters, line ends shown as ↵. */
export function onOneLine(text: string, width: number): string {
  const shown = [
    ...text.replace(UNSAFE, (character) => (character === "\n" ? "↵" : character === "\t" ? " " : picture(character))),
  ];
  if (shown.length <= width) return shown.join("");
  return width < 1 ? "" : `${shown.slice(0, width - 1).join("")}…`;
}

/** Unicode's picture of an ASCII control character, the replacement character for the others. */
function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}
