/** Characters that XML 1.0 hasn't, however they are written: https://www.w3.org/TR/xml/#charsets. */
const FOREIGN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text inside of XML, in an attribute too. */
export function escaped(text: string): string {
  return text
    .replaceAll(FOREIGN, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
