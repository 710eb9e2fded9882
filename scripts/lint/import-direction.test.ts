import { describe, expect, it } from "vitest";
import { wrongImports } from "./import-direction.mjs";

const importing = (file: string, specifier: string) => wrongImports(file, `import { thing } from "${specifier}";`);

describe("import direction", () => {
  it.each([
    ["packages/unrolled/src/layers/dense.ts", "../autograd/ops/add.js"],
    ["packages/unrolled/src/layers/dense.ts", "./embedding.js"],
    ["packages/unrolled/src/tensor/shape.ts", "../errors.js"],
    ["packages/unrolled/src/engine/reference.ts", "../../kernels/gemm/reference.js"],
    ["packages/unrolled/kernels/lstm/reference.ts", "../sigmoid/reference.js"],
    ["packages/unrolled/src/index.ts", "./training/index.js"],
    ["packages/unrolled/src/node/folder.ts", "node:fs/promises"],
    ["packages/cli/src/main.ts", "unrolled/tasks"],
    ["packages/cli/src/main.ts", "@unrolled/data"],
    ["packages/cli/src/main.ts", "commander"],
  ])("lets %s import %s", (file, specifier) => {
    expect(importing(file, specifier)).toEqual([]);
  });

  it.each([
    ["packages/unrolled/src/tensor/shape.ts", "../tasks/index.js", "`tasks` is above `tensor`"],
    ["packages/unrolled/src/files/store.ts", "../inspect/index.js", "`inspect` is beside `files`"],
    ["packages/unrolled/src/memory/arena.ts", "../index.js", "`index.ts` is above `memory`"],
    ["packages/unrolled/src/errors.ts", "./tensor/shape.js", "`tensor` is above `errors.ts`"],
    ["packages/unrolled/kernels/gemm/reference.ts", "../../src/engine/engine.js", "`engine` is above `kernels`"],
    ["packages/unrolled/src/misc/clamp.ts", "../errors.js", "`misc` has no place in the order of rooms"],
    ["packages/unrolled/src/tensor/shape.ts", "unrolled", "`packages/unrolled` may not depend on `unrolled`"],
    ["packages/data/src/read-text.ts", "@unrolled/cli", "`packages/data` may not depend on `@unrolled/cli`"],
    ["packages/cli/src/main.ts", "../../unrolled/src/index.js", "another package is imported by its name"],
  ])("stops %s from importing %s", (file, specifier, reason) => {
    expect(importing(file, specifier)).toEqual([expect.stringContaining(reason)]);
  });

  it("reads type imports, re-exports and dynamic imports too", () => {
    const text = 'import type { A } from "../tasks/a.js"; export { b } from "../tasks/b.js"; await import("../tasks/c.js");';
    expect(wrongImports("packages/unrolled/src/tensor/shape.ts", text)).toHaveLength(3);
  });
});
