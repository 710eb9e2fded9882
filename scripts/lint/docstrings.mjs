/** Fails on what the packages export without a docstring: functions, classes, interfaces, types, values, and their public members. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { root } from "../root.mjs";
import { undocumented } from "./undocumented.mjs";

const entries = ["unrolled", "data"].flatMap((name) => {
  const folder = join(root, "packages", name);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.values(exports).map(({ types }) => join(folder, types.replace("dist/", "").replace(/\.d\.ts$/, ".ts")));
});
const { config } = ts.readConfigFile(join(root, "packages/unrolled/tsconfig.node.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(
  { ...config, files: entries, include: [] },
  ts.sys,
  join(root, "packages/unrolled"),
);

const missing = undocumented(ts.createProgram(entries, options), entries);
for (const line of missing) process.stderr.write(`${relative(root, line)} has no docstring\n`);
process.exitCode = missing.length === 0 ? 0 : 1;
