import type { Normalizer } from "./rules.js";

/** A text as the normalizers leave it, one after the other. */
export function normalized(text: string, normalizers: readonly Normalizer[]): string {
  return normalizers.reduce(normalizedBy, text);
}

function normalizedBy(text: string, rule: Normalizer): string {
  switch (rule.type) {
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return text.normalize(rule.type);
    case "Lowercase":
      return text.toLowerCase();
    case "Prepend":
      return text === "" ? text : rule.prepend + text;
    case "Replace":
      return text.replaceAll(rule.pattern, () => rule.content);
  }
}
