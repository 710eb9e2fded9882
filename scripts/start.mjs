/**
 * `npm start -- <arguments>`: the `unrolled` command of this checkout, on the current Node; without arguments `unrolled demo`.
 */
import { join } from "node:path";
import { nodeToRunOn } from "./launch/current-node.mjs";
import { run } from "./launch/run.mjs";
import { whereTheUserStands } from "./launch/user-folder.mjs";
import { root } from "./root.mjs";
import { setUp } from "./set-up/set-up.mjs";

await setUp();
const args = process.argv.length > 2 ? process.argv.slice(2) : ["demo"];
process.exitCode = await run(nodeToRunOn(), [join(root, "packages/cli/dist/src/main.js"), ...args], {
  cwd: whereTheUserStands(),
});
