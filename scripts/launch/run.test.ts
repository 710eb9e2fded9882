import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run } from "./run.mjs";

/** Starts a launcher whose program runs `script`, and waits for what the script prints first. */
async function launch(script: string) {
  const source = `import { run } from ${JSON.stringify(new URL("run.mjs", import.meta.url).href)};
    process.exitCode = await run(process.execPath, ["--eval", ${JSON.stringify(script)}]);`;
  const launcher = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(launcher.stdout, "data");
  return launcher;
}

describe("run", () => {
  it("resolves with the program's exit code", async () => {
    expect(await run(process.execPath, ["--eval", "process.exit(7)"])).toBe(7);
  });

  it.skipIf(process.platform === "win32")("resolves with 128 + n when signal n ended the program", async () => {
    expect(await run(process.execPath, ["--eval", "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)"])).toBe(
      143,
    );
  });

  it("rejects when there is no such program", async () => {
    await expect(run("no-such-program", [])).rejects.toThrow("ENOENT");
  });

  it.skipIf(process.platform === "win32").each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "hands %s on and outlives the program, which ends in its own time",
    async (signal) => {
      const launcher = await launch(
        `process.on("${signal}", () => setTimeout(() => process.exit(3), 200)); setInterval(() => {}, 1000); console.log("ready")`,
      );
      launcher.kill(signal);
      expect(await once(launcher, "exit")).toEqual([3, null]);
    },
  );

  it("leaves no listener behind", async () => {
    const before = process.listenerCount("SIGINT");
    await run(process.execPath, ["--eval", ""]);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });
});
