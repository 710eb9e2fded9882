import { posix } from "node:path";
import ts from "typescript";

/**
 * The rooms of the library, from the top down. A room imports from itself and from rooms further down, never from one beside or
 * above it, so that the way of the data can be read in one direction.
 */
const levels = [
  ["node", "index.ts"],
  ["tasks"],
  ["training"],
  ["decoding", "inspect", "files"],
  ["layers"],
  ["cells"],
  ["autograd", "data"],
  ["tensor"],
  ["engine"],
  ["memory"],
  ["kernels"],
  ["options.ts"],
  ["described.ts", "errors.ts", "version.ts"],
];

/** What else each package may import: the other packages below it. */
const packagesBelow = new Map([
  ["packages/unrolled", []],
  ["packages/data", ["unrolled"]],
  ["packages/cli", ["unrolled", "@unrolled/data"]],
]);

/**
 * The imports of one file that point up or sideways, or out of the package by another way than its name.
 *
 * @param {string} file path from the repository's root, with slashes
 * @param {string} text its content
 * @returns {string[]} one sentence each
 */
export function wrongImports(file, text) {
  const home = file.split("/").slice(0, 2).join("/");
  return ts.preProcessFile(text).importedFiles.flatMap(({ fileName: specifier }) => {
    const reason = specifier.startsWith(".") ? relativeFault(home, file, specifier) : packageFault(home, specifier);
    return reason === undefined ? [] : [`${file} imports "${specifier}": ${reason}`];
  });
}

/**
 * @param {string} home
 * @param {string} file
 * @param {string} specifier
 */
function relativeFault(home, file, specifier) {
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith(`${home}/`)) return "another package is imported by its name";
  if (home !== "packages/unrolled") return undefined;

  const from = roomOf(home, file);
  const to = roomOf(home, target.replace(/\.js$/, ".ts"));
  if (from === to) return undefined;
  for (const room of [from, to]) {
    if (levelOf(room) === -1) return `\`${room}\` has no place in the order of rooms (scripts/lint/import-direction.mjs)`;
  }
  if (levelOf(from) < levelOf(to)) return undefined;
  return `\`${to}\` is ${levelOf(from) === levelOf(to) ? "beside" : "above"} \`${from}\``;
}

/**
 * @param {string} home
 * @param {string} specifier
 */
function packageFault(home, specifier) {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (name !== "unrolled" && !name.startsWith("@unrolled/")) return undefined;
  return packagesBelow.get(home)?.includes(name) === true ? undefined : `\`${home}\` may not depend on \`${name}\``;
}

/**
 * The room a file of the library stands in: its folder below `src`, `kernels`, or its own name directly in `src`.
 *
 * @param {string} home
 * @param {string} path
 */
function roomOf(home, path) {
  const [top, room] = posix.relative(home, path).split("/");
  return top === "src" && room !== undefined ? room : (top ?? "");
}

/** @param {string} room */
function levelOf(room) {
  return levels.findIndex((level) => level.includes(room));
}
