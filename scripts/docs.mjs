/**
 * `npm run docs`: the API reference, made by TypeDoc from the docstrings, in `docs/api`. A warning of TypeDoc's is an error. It is installed
 * here, on first use, from a lockfile of its own, since nothing else needs it.
 */
import { join } from "node:path";
import { run } from "./launch/run.mjs";
import { root } from "./root.mjs";
import { install, isInstalled } from "./set-up/install.mjs";
import { setUp } from "./set-up/set-up.mjs";

const docs = join(root, "docs");

await setUp();
if (!isInstalled(docs)) {
  process.stderr.write("unrolled: installing TypeDoc, once …\n");
  await install(docs);
}
process.exitCode = await run(process.execPath, [join(docs, "node_modules/typedoc/bin/typedoc")], { cwd: docs });
