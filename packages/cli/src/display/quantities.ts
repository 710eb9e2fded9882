import type { TokenUnit } from "unrolled/tasks";

/** 1190317 → "1,190,317". */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** "1 forecast", "1,200 forecasts". */
export function counted(value: number, one: string): string {
  return `${count(value)} ${one}${value === 1 ? "" : "s"}`;
}

/** What a token is called: one of them, "s" behind it for several. */
export function nameOf(tokens: TokenUnit): "character" | "word" | "piece" {
  return tokens === "char" ? "character" : tokens;
}

/** A loss with the digits that tell two models apart. */
export function loss(value: number): string {
  return value.toFixed(3);
}

/** A loss in nats, in bits. */
export function bits(nats: number): number {
  return nats / Math.LN2;
}

/** The perplexity of a loss in nats. */
export function perplexity(nats: number): string {
  return Math.exp(nats).toFixed(2);
}

/** "42 s", "3 min 05 s", "2 h 10 min". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}
