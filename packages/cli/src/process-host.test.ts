import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";

const compiled = (file: string) => JSON.stringify(new URL(`../dist/src/${file}`, import.meta.url).href);

/** A process whose work never ends, and that waits for Ctrl-C as a training does. */
const program = `
  const { processHost } = await import(${compiled("process-host.js")});
  const { listenForInterrupts } = await import(${compiled("training/interrupts.js")});
  const say = (word) => () => process.stdout.write(word);
  listenForInterrupts(processHost().host, { onFirst: say("first"), onSecond: say("second") });
  setInterval(() => {}, 1000);
  say("ready")();
`;

describe.skipIf(process.platform === "win32")("processHost (Windows can't send a signal to another process)", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "lets the work go on at the first %s and leaves with 130 at the second",
    async (signal) => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
      const says = async () => String((await once(child.stdout, "data"))[0]);
      expect(await says()).toBe("ready");
      child.kill(signal);
      expect(await says()).toBe("first");
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill(signal);
      expect(await says()).toBe("second");
      const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
      expect(code).toBe(130);
    },
  );
});
