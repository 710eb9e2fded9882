import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../root.mjs";
import { completeLockfile } from "./complete.mjs";

describe("completeLockfile", () => {
  it("adds each optional package that is missing, with the platform that its name tells", () => {
    const bundler = {
      version: "4.0.0",
      dev: true,
      optionalDependencies: { "@bundler/linux-x64-musl": "4.0.0", "@bundler/win32-arm64": "4.0.0" },
    };
    expect(completeLockfile({ packages: { "node_modules/bundler": bundler } }).packages).toEqual({
      "node_modules/bundler": bundler,
      "node_modules/@bundler/linux-x64-musl": {
        version: "4.0.0",
        dev: true,
        optional: true,
        os: ["linux"],
        cpu: ["x64"],
        libc: ["musl"],
      },
      "node_modules/@bundler/win32-arm64": { version: "4.0.0", dev: true, optional: true, os: ["win32"], cpu: ["arm64"] },
    });
  });

  it("leaves a package alone that its dependent finds in its own or an outer node_modules", () => {
    const packages = {
      "": { optionalDependencies: { c: "1.0.0" } },
      "node_modules/a": { version: "1.0.0", optionalDependencies: { b: "1.0.0", c: "1.0.0" } },
      "node_modules/a/node_modules/b": { version: "1.0.0", optional: true },
      "node_modules/c": { version: "1.0.0", optional: true },
    };
    expect(completeLockfile({ packages }).packages).toEqual(packages);
  });
});

describe.each(["package-lock.json", "benchmarks/package-lock.json", "docs/package-lock.json"])("%s", (path) => {
  const text = readFileSync(join(root, path), "utf8");

  it("lists the optional packages of every platform (mend: npm run lock)", () => {
    expect(completeLockfile(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  it("names no registry (mend: npm run lock, with npm's setting omit-lockfile-registry-resolved)", () => {
    expect(text).not.toMatch(/"resolved": "https?:/);
  });
});
