/**
 * `npm run test:browser -- [arguments]`: the library in headless Chromium, on the current Node. Playwright and Vite are installed here, on first
 * use, from a lockfile of their own; Debian's chromium too where there is no Chromium and this is root's machine.
 */
import { join } from "node:path";
import { nodeToRunOn } from "./launch/current-node.mjs";
import { run } from "./launch/run.mjs";
import { root } from "./root.mjs";
import { install, isInstalled } from "./set-up/install.mjs";
import { setUp } from "./set-up/set-up.mjs";

const folder = join(root, "browser");

await setUp();
if (!isInstalled(folder)) {
  process.stderr.write("unrolled: installing Playwright and Vite, once …\n");
  await install(folder);
}
// npm puts the current Node before the host's own, which measurements are compared with
const hostsNode = process.env.npm_node_execpath ?? process.execPath;
const args = ["--import", import.meta.resolve("tsx"), join(folder, "run.ts"), "--node", hostsNode, ...process.argv.slice(2)];
process.exitCode = await run(nodeToRunOn(), args);
