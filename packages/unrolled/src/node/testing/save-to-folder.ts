import { folder } from "../folder.js";

/*
 * A program for the tests: saves to a folder, again and again, and says on standard output what became of it.
 * node save-to-folder.mjs <folder> <first age> <saves> <bytes a file>
 */
const [path = "", first = "", saves = "", size = ""] = process.argv.slice(2);
const store = folder(path);
for (let age = Number(first); age < Number(first) + Number(saves); age++) {
  const names = ["config.json", "model.safetensors", "vocabulary.json", "history.jsonl", "README.md"];
  const content = new Uint8Array(new Uint32Array(Number(size) / 4).fill(age).buffer);
  try {
    await store.write(new Map(names.map((name) => [name, content])));
    process.stdout.write(`saved ${age}\n`);
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
  }
}
