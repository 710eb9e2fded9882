import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstalled } from "./install.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-install-"));
  mkdirSync(join(folder, "node_modules"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, packages: object) => writeFileSync(join(folder, name), JSON.stringify({ packages }));
const wanted = (packages: object) => write("package-lock.json", { "": {}, ...packages });
const installed = (packages: object) => write("node_modules/.package-lock.json", packages);

describe("isInstalled", () => {
  it("is false on a fresh clone", () => {
    wanted({});
    expect(isInstalled(folder)).toBe(false);
  });

  it("is true when npm's record of node_modules has every package of the lockfile", () => {
    wanted({ "node_modules/a": { version: "1.0.0", integrity: "x" }, "packages/own": { version: "0.1.0" } });
    installed({ "node_modules/a": { version: "1.0.0", integrity: "x" } });
    expect(isInstalled(folder)).toBe(true);
  });

  it("is false when a package is missing, or is another version or content", () => {
    wanted({ "node_modules/a": { version: "1.0.0", integrity: "x" } });
    installed({});
    expect(isInstalled(folder)).toBe(false);
    installed({ "node_modules/a": { version: "1.0.1", integrity: "x" } });
    expect(isInstalled(folder)).toBe(false);
    installed({ "node_modules/a": { version: "1.0.0", integrity: "y" } });
    expect(isInstalled(folder)).toBe(false);
  });

  it("does not ask for optional packages, of which most are another platform's", () => {
    wanted({ "node_modules/a": { version: "1.0.0", optional: true } });
    installed({});
    expect(isInstalled(folder)).toBe(true);
  });
});
