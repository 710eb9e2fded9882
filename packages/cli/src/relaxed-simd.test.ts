import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

describe("enableRelaxedSimd", () => {
  it("makes a process that lacks relaxed SIMD able to compile it, and prints nothing", () => {
    const compiled = fileURLToPath(new URL("../dist/src/relaxed-simd.js", import.meta.url));
    const program = `
      const { enableRelaxedSimd, hasRelaxedSimd } = await import(${JSON.stringify(compiled)});
      enableRelaxedSimd();
      console.log(hasRelaxedSimd());
    `;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(output).toBe("true\n");
  });
});
