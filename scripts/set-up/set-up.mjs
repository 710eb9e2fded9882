import { areKernelsBuilt, buildKernels } from "../kernels/build.mjs";
import { compile, isCompiled } from "./compile.mjs";
import { install, isInstalled } from "./install.mjs";
import { withLock } from "./lock.mjs";

/** What a fresh clone needs before anything of it runs, in order: each step with the test that says it is done. */
const steps = [
  { isDone: isInstalled, perform: install, says: "installing the packages, once (about a minute)" },
  { isDone: areKernelsBuilt, perform: buildKernels, says: "compiling the kernels to WebAssembly" },
  { isDone: isCompiled, perform: compile, says: "compiling TypeScript" },
];

/**
 * Brings the checkout to where its commands run; costs some hundredths of a second where nothing changed. It speaks on standard
 * error only, because standard output belongs to the command that follows. A step that fails ends the process with exit code 1.
 *
 * @returns {Promise<void>}
 */
export async function setUp() {
  if (steps.every(({ isDone }) => isDone())) return;
  try {
    await withLock(performSteps);
  } catch (error) {
    process.stderr.write(`unrolled: ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
}

async function performSteps() {
  for (const { isDone, perform, says } of steps) {
    if (isDone()) continue;
    process.stderr.write(`unrolled: ${says} …\n`);
    await perform();
  }
}
