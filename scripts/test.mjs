/**
 * `npm test -- <Vitest's arguments>`: the whole suite on the current Node, and again on the host's where that is another version. The last
 * line counts both.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeToRunOn } from "./launch/current-node.mjs";
import { run } from "./launch/run.mjs";
import { root } from "./root.mjs";
import { setUp } from "./set-up/set-up.mjs";

await setUp();
const reports = mkdtempSync(join(tmpdir(), "unrolled-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const [version, node] of nodes()) {
    process.stderr.write(`unrolled: testing on Node ${version}\n`);
    const report = join(reports, `${version}.json`);
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const code = await run(node, [vitest, "run", ...reporters, ...process.argv.slice(2)], { cwd: root });
    process.exitCode = process.exitCode || code;
    count(report);
    if (code > 128) break;
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);

/** The Nodes to test on, by version. */
function nodes() {
  // npm puts the current Node before the host's own
  const programs = [nodeToRunOn(), process.env.npm_node_execpath ?? process.execPath];
  return new Map(programs.map((node) => [spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim(), node]));
}

/** @param {string} report path of Vitest's JSON report, which an interrupted run doesn't write */
function count(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, "utf8"));
    total.passed += numPassedTests;
    total.failed += numFailedTests;
    total.skipped += numPendingTests + numTodoTests;
  } catch {
    process.stderr.write("unrolled: Vitest wrote no report\n");
    process.exitCode ||= 1;
  }
}
