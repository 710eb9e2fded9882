/** A value in an error message: what it is, and small ones as they are. */
export function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const kind: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  if (typeof kind === "string" && kind !== "Object") return kind;
  const names = Object.keys(value).slice(0, 6);
  return names.length > 0 ? `{ ${names.join(", ")} }` : "{}";
}
