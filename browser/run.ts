/** The program of `npm run test:browser`: the library in headless Chromium, brought to a page in every way that is promised. */
import { parseArgs } from "node:util";
import { bench } from "./bench.js";
import { checksOf, inNode, open } from "./checks.js";
import { chromiumProgram, versionOf, withBrowser } from "./chromium.js";
import { withProject } from "./project.js";
import { type Setup, setups } from "./setups.js";

const { values } = parseArgs({
  options: {
    bench: { type: "boolean" },
    only: { type: "string", default: "" },
    build: { type: "string", default: "relaxed" },
    node: { type: "string", default: process.execPath },
  },
});

const program = chromiumProgram();
if (program === undefined) {
  process.stderr.write(
    `error: there is no Chromium${process.env.CHROMIUM ? ` at ${process.env.CHROMIUM}` : " here"}. Install one (Debian: ` +
      "`apt-get install chromium`), or name its program in the variable CHROMIUM.\n",
  );
  process.exit(2);
}
process.stderr.write(`unrolled: ${versionOf(program)}\n`);
process.exitCode = await withProject((folder) =>
  values.bench ? bench(folder, program, values.node, values.build) : test(folder, program),
);

async function test(folder: string, chromium: string): Promise<number> {
  const expected = inNode(folder, values.build);
  const count = { passed: 0, failed: 0 };
  for (const setup of setups.filter(({ name }) => name.includes(values.only))) {
    console.log(`\n${setup.name}`);
    const began = performance.now();
    for (const { name, failure } of await trial(setup, folder, chromium, expected)) {
      count[failure ? "failed" : "passed"]++;
      console.log(`  ${failure ? "FAILED" : "ok"} ${name}`);
      if (failure) console.log(`    ${(failure.stack ?? failure.message).replaceAll("\n", "\n    ")}`);
    }
    console.log(`  ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }
  console.log(`\n${count.passed} passed, ${count.failed} failed`);
  return count.failed === 0 && count.passed > 0 ? 0 : 1;
}

interface Outcome {
  readonly name: string;
  readonly failure?: Error;
}

async function trial(setup: Setup, folder: string, chromium: string, expected: ReturnType<typeof inNode>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  try {
    const server = await setup.start(folder);
    try {
      await withBrowser(chromium, async (browser) => {
        const opened = await open(browser, `${server.url}${setup.page}`);
        for (const { name, run } of checksOf(setup, opened, expected)) {
          outcomes.push(
            await run().then(
              () => ({ name }),
              (failure: Error) => ({ name, failure }),
            ),
          );
        }
      });
    } finally {
      await server.close();
    }
  } catch (failure) {
    outcomes.push({ name: "can be opened", failure: failure as Error });
  }
  return outcomes;
}
