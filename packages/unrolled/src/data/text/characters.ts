/** What stands for a character that a vocabulary doesn't have (and for half of a surrogate pair): U+FFFD. */
export const REPLACEMENT = 0xfffd;

/** A text as Unicode code points, so that a character outside the basic plane is one and not two. */
export function codePointsOf(text: string): Int32Array {
  const points = new Int32Array(text.length);
  let count = 0;
  for (let index = 0; index < text.length; count++) {
    const point = text.codePointAt(index) as number;
    points[count] = point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
    index += point > 0xffff ? 2 : 1;
  }
  return points.slice(0, count);
}

/** Code points as a text. */
export function textOf(points: Int32Array): string {
  const parts: string[] = [];
  for (let first = 0; first < points.length; first += 8192) {
    parts.push(String.fromCodePoint(...points.subarray(first, first + 8192)));
  }
  return parts.join("");
}
