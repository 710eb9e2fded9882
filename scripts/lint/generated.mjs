/** Fails when a generated file is not what its sources make. */
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { builds, generate, generatedFile } from "../kernels/build.mjs";
import { root } from "../root.mjs";

for (const build of builds) {
  const path = generatedFile(build);
  if (existsSync(path) && readFileSync(path, "utf8") === (await generate(build))) continue;
  process.stderr.write(`${relative(root, path)} is stale; run \`npm run build\`\n`);
  process.exitCode = 1;
}
