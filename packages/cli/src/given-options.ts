/** Only the options that were given: an option that is `undefined` is left out, so that its default holds. */
export function givenOptions<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name of Object.keys(options) as (keyof T)[]) {
    const value = options[name];
    if (value !== undefined) given[name] = value as Exclude<T[keyof T], undefined>;
  }
  return given;
}
