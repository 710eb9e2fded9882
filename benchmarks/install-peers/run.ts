/** `npm run bench -- install-peers`: the native peers, from Debian's packages. Those of npm come with any benchmark. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { runCommand } from "../command-line.js";

/** python3-torch alone would compute with the reference BLAS, fifty times slower than OpenBLAS. */
const PACKAGES = ["g++", "libdnnl-dev", "python3-torch", "libopenblas0-pthread"];

const HELP = `Usage: npm run bench -- install-peers [--help]

Installs PyTorch with OpenBLAS, oneDNN and a compiler for it, with apt-get (Debian and its kin, as root or by sudo; about 1 GB):
${PACKAGES.join(" ")}
`;

await runCommand("install-peers", () => {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return Promise.resolve(0);
  }
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo"];
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...PACKAGES]]) {
    const [program = "", ...rest] = [...asRoot, "apt-get", ...args];
    const { status, error } = spawnSync(program, rest, {
      stdio: ["inherit", 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (error) throw new Error(`install-peers: ${program} doesn't run here (${error.message}); install ${PACKAGES.join(", ")}.`);
    if (status !== 0) throw new Error(`install-peers: \`${[program, ...rest].join(" ")}\` ended with exit code ${status}.`);
  }
  return Promise.resolve(0);
});
