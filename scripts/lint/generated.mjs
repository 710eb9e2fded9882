/** Fails when the generated file is not what its sources make. */
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { generate, generatedFile } from "../kernels/build.mjs";
import { root } from "../root.mjs";

if (!existsSync(generatedFile) || readFileSync(generatedFile, "utf8") !== (await generate())) {
  process.stderr.write(`${relative(root, generatedFile)} is stale; run \`npm run build\`\n`);
  process.exitCode = 1;
}
