import { spawnSync } from "node:child_process";

/** Where Debian's own Python is, whatever other stands first in the path. */
const CANDIDATES = ["python3", "/usr/bin/python3"];

const found = new Map<string, string | undefined>();

/** The first Python that has a module; undefined where none does. `PYTHON` of the environment is asked first. */
export function pythonWith(module: string): string | undefined {
  if (!found.has(module)) {
    const candidates = [process.env.PYTHON, ...CANDIDATES].filter((program) => program !== undefined);
    found.set(
      module,
      candidates.find((program) => hasModule(program, module)),
    );
  }
  return found.get(module);
}

function hasModule(program: string, module: string): boolean {
  const code = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return spawnSync(program, ["-c", code], { stdio: "ignore" }).status === 0;
}
