/**
 * `npm run bench -- [folder] [arguments]`: runs `run.ts` of a folder of `benchmarks/`, by default `speed`, on the current Node.
 * The peers weigh hundreds of megabytes, so they are installed here, on first use, from a lockfile of their own.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodeToRunOn } from "./launch/current-node.mjs";
import { run } from "./launch/run.mjs";
import { whereTheUserStands } from "./launch/user-folder.mjs";
import { root } from "./root.mjs";
import { install, isInstalled } from "./set-up/install.mjs";
import { setUp } from "./set-up/set-up.mjs";

const benchmarks = join(root, "benchmarks");
const given = process.argv.slice(2);
const [folder, args] = given[0] === undefined || given[0].startsWith("-") ? ["speed", given] : [given[0], given.slice(1)];
const script = join(benchmarks, folder, "run.ts");

if (!existsSync(script)) {
  process.stderr.write(
    `error: there is no benchmark ${JSON.stringify(folder)}; there are endurance, features, footprint, growth, large-file, memory, quality and ` +
      "speed, and install-peers.\n",
  );
  process.exit(2);
}
await setUp();
if (!isInstalled(benchmarks)) {
  process.stderr.write("unrolled: installing the peers to compare with, once …\n");
  await install(benchmarks);
}
process.exitCode = await run(nodeToRunOn(), ["--import", import.meta.resolve("tsx"), script, ...args], {
  cwd: whereTheUserStands(),
  // The Node that a user has, which the speed benchmark runs the library on besides the current one: npm's own, not the one that
  // npm finds first.
  env: { ...process.env, UNROLLED_HOST_NODE: process.env.npm_node_execpath ?? process.execPath },
});
