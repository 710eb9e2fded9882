/** `npm run example -- <number>`: runs an example, on the current Node. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { nodeToRunOn } from "./launch/current-node.mjs";
import { run } from "./launch/run.mjs";
import { root } from "./root.mjs";
import { setUp } from "./set-up/set-up.mjs";

const folder = join(root, "examples");
const names = readdirSync(folder).filter((file) => /^\d\d-.*\.ts$/.test(file));
const wanted = names.find((name) => name.startsWith(process.argv[2] ?? "?"));

if (wanted === undefined) {
  process.stderr.write(`error: expected the number of an example:\n${names.map((name) => `  ${name}\n`).join("")}`);
  process.exit(2);
}
await setUp();
process.exitCode = await run(nodeToRunOn(), ["--import", import.meta.resolve("tsx"), join(folder, wanted)], {
  env: { ...process.env, UNROLLED_SIMD: process.env.UNROLLED_SIMD || "best" },
});
