const shownCharacters = 60;

/** What a JSON text holds. Objects are maps, so that a name such as `__proto__` is a name like any other. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

export function isJsonObject(value: JsonValue): value is ReadonlyMap<string, JsonValue> {
  return value instanceof Map;
}

export function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** A value as it is shown in an error message: short, and on one line. */
export function showJson(value: JsonValue): string {
  if (isJsonObject(value)) {
    return value.size === 0
      ? "an empty object"
      : `an object with ${shorten(Array.from(value.keys(), (name) => JSON.stringify(name)).join(", "))}`;
  }
  if (isJsonArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters)}…`;
}
