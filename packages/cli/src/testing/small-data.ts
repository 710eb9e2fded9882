/** Numbers between 0 and 1 that are the same each time (the multiplicative congruential generator of Park & Miller 1988). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function chooser(seed: number) {
  const random = numbers(seed);
  return <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
}

/** A table of reviews, of which one word tells whether they are good. */
export function reviews(count: number, seed = 1): string {
  const one = chooser(seed);
  const rows = Array.from({ length: count }, (_, row) => {
    const isGood = row % 2 === 0;
    const word = one(isGood ? ["loved", "enjoyed"] : ["hated", "regretted"]);
    return `"Film ${row}: I ${word} ${one(["it", "the end", "that, really"])}",${isGood ? "good" : "bad"}`;
  });
  return `review,sentiment\n${rows.join("\n")}\n`;
}

/** Sentences in the manner of CoNLL, in which names are persons or places by the word before. */
export function sentences(count: number, seed = 1): string {
  const one = chooser(seed);
  return Array.from({ length: count }, () => {
    const [person, place] = [one(["Ann", "Bob", "Eve"]), one(["Paris", "Rome", "Oslo"])];
    return `${person} B-PER\n${one(["sings", "lives", "walks"])} O\nin O\n${place} B-LOC\n. O\n\n`;
  }).join("");
}

/** A table of a year's wave on a line that rises, month by month, and a column that is noise. */
export function months(count: number, first = 0): string {
  const random = numbers(7);
  const rows = Array.from({ length: count }, (_, index) => {
    const month = first + index;
    const time = `${1950 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
    return `${time},${(100 + month + 30 * Math.sin((2 * Math.PI * month) / 12)).toFixed(2)},${random().toFixed(3)}`;
  });
  return `month,sales,noise\n${rows.join("\n")}\n`;
}

/** Numbers of three digits and their words, with a tab between them. */
export function digits(count: number, seed = 1): string {
  const one = chooser(seed);
  const words = ["zero", "one", "two", "three", "four"];
  return Array.from({ length: count }, () => {
    const some = [0, 1, 2].map(() => one([0, 1, 2, 3, 4]));
    return `${some.join(" ")}\t${some.map((digit) => words[digit]).join(" ")}\n`;
  }).join("");
}

/** A table of animals and what they say. */
export function sounds(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, row) => ["cow,moo says the cow", "pig,oink says the pig", "hen,cluck says the hen"][row % 3],
  );
  return `animal,sound\n${rows.join("\n")}\n`;
}

/** A table of days of two centuries, as they are written and as ISO 8601 has them. */
export function dates(count: number, seed = 1): string {
  const random = numbers(seed);
  const days = Array.from({ length: count }, () => new Date(Date.UTC(1900, 0, 1 + Math.floor(73_000 * random()))));
  const written = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
  return `written,iso\n${days.map((day) => `${written.format(day)},${day.toISOString().slice(0, 10)}\n`).join("")}`;
}
