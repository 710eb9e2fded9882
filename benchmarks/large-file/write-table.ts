/** Writes a table for `run.ts`: arguments are its path and how many bytes it has at least. */
import { open } from "node:fs/promises";

const ROWS_A_WRITE = 20_000;

const [path = "", bytes = "0"] = process.argv.slice(2);
await writeTable(path, Number(bytes));

/** Every row differs from the one before, so that nothing is gained by keeping one. */
async function writeTable(path: string, bytes: number): Promise<void> {
  const file = await open(path, "w");
  try {
    let written = (await file.write("price,weight,review,label\n")).bytesWritten;
    for (let row = 0; written < bytes; row += ROWS_A_WRITE) {
      const rows = Array.from({ length: ROWS_A_WRITE }, (_, k) => {
        const number = row + k;
        return `${(number % 997) / 10},${number},"a film, the ${number}th of its kind, that says ""${number % 13}"" and little else",${number % 2 ? "good" : "bad"}\n`;
      });
      written += (await file.write(rows.join(""))).bytesWritten;
    }
  } finally {
    await file.close();
  }
}
