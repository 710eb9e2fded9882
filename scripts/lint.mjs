/** `npm run lint`: every check of the sources and of the packages. All run; it fails if one did. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./root.mjs";
import { setUp } from "./set-up/set-up.mjs";

const packages = ["unrolled", "data", "cli"].map((name) => `packages/${name}`);

/** @type {ReadonlyArray<{ name: string, script: string, args: readonly string[] }>} */
const checks = [
  {
    name: "format and lint",
    script: "node_modules/@biomejs/biome/bin/biome",
    args: ["ci", "--error-on-warnings", "--colors=off", "."],
  },
  { name: "types", script: "node_modules/typescript/bin/tsc", args: ["-b"] },
  { name: "import direction", script: "scripts/lint/imports.mjs", args: [] },
  { name: "docstrings", script: "scripts/lint/docstrings.mjs", args: [] },
  { name: "dead files, exports and dependencies", script: "node_modules/knip/bin/knip.js", args: [] },
  ...packages.map((folder) => ({
    name: `package of ${folder}`,
    script: "node_modules/publint/src/cli.js",
    args: ["run", folder, "--strict"],
  })),
  ...packages.map((folder) => ({
    name: `types of the package of ${folder}`,
    script: "node_modules/@arethetypeswrong/cli/dist/index.js",
    args: ["--pack", folder, "--profile", "esm-only"],
  })),
  { name: "generated files", script: "scripts/lint/generated.mjs", args: [] },
  { name: "size of the library", script: "scripts/lint/bundle-size.mjs", args: [] },
];

await setUp();
const failed = checks.filter(({ name, script, args }) => {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, encoding: "utf8" });
  const passes = status === 0;
  console.log(`${passes ? "ok    " : "FAILED"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (!passes || script.endsWith("bundle-size.mjs")) console.log(`${stdout}${stderr}`.trimEnd().replaceAll(/^/gm, "       "));
  return !passes;
});

if (failed.length > 0) {
  console.log(`\nlint failed: ${failed.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
