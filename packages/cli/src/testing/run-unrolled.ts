import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started `unrolled` command, with what it has written so far. */
export class Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = "";
  #stderr = "";
  readonly #watchers = new Set<() => void>();

  constructor(args: readonly string[], { folder, stdout = "pipe" }: { folder: string; stdout?: "pipe" | number }) {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing; npm run build makes it.`);
    const { npm_lifecycle_event: _event, npm_package_json: _manifest, ...environment } = process.env;
    this.process = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: environment, stdio: ["ignore", stdout, "pipe"] });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#told();
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#told();
    });
    this.ended = new Promise((resolve, reject) => {
      this.process.on("error", reject);
      this.process.on("close", (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
        this.#told();
      });
    });
  }

  /** Waits until the command has written this on standard error. */
  async writes(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#stderr)) {
      if (this.process.exitCode !== null) throw new Error(`ended with ${this.process.exitCode} before writing ${pattern}`);
      await new Promise<void>((resolve) => {
        this.#watchers.add(resolve);
      });
    }
  }

  #told(): void {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}

/** Runs the built `unrolled` command to its end, standing in `folder`. */
export function runUnrolled(folder: string, ...args: string[]): Promise<Ended> {
  return new Running(args, { folder }).ended;
}
