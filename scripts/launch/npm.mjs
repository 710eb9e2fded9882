import { run } from "./run.mjs";

/**
 * Runs npm, the one that runs this script if one does, with all its output on standard error.
 *
 * @param {string} folder
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export function npm(folder, args) {
  const running = process.env.npm_execpath;
  /** @type {import("node:child_process").SpawnOptions} */
  const options = { cwd: folder, stdio: ["ignore", 2, 2] };
  if (running?.endsWith("npm-cli.js")) return run(process.execPath, [running, ...args], options);
  return run("npm", args, { ...options, shell: process.platform === "win32" });
}
