import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { undocumented } from "./undocumented.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-docstrings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is undocumented in an entry that exports what `source` does. */
function missingIn(source: string): string[] {
  const [file, entry] = [join(folder, "source.ts"), join(folder, "index.ts")];
  writeFileSync(file, source);
  writeFileSync(entry, 'export * from "./source.js";\n');
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es5.d.ts"],
    types: [],
  });
  return undocumented(program, [entry]).map((line) => line.replace(/^.*\//, ""));
}

describe("undocumented", () => {
  it("names what is exported without a docstring, and where it is", () => {
    expect(
      missingIn(
        "export function f() {}\nexport const c = 1;\nexport type T = 1 | 2;\nexport interface I {}\nfunction own() {}\nown();",
      ),
    ).toEqual(["source.ts:1 f", "source.ts:2 c", "source.ts:3 T", "source.ts:4 I"]);
  });

  it("names members of classes, interfaces and types, static ones and inherited ones too", () => {
    const source = [
      "class Base { inherited = 1; }",
      "/** C. */ export class C extends Base { field = 1;",
      "  get size() { return 1; }",
      "  static made() {}",
      "}",
      "/** I. */ export interface I { x: number;",
      "  m(): void }",
      "/** T. */ export type T = { y: number } | { z: I };",
    ];
    expect(missingIn(source.join("\n"))).toEqual([
      "source.ts:1 C.inherited",
      "source.ts:2 C.field",
      "source.ts:3 C.size",
      "source.ts:4 C.made",
      "source.ts:6 I.x",
      "source.ts:7 I.m",
      "source.ts:8 T.y",
    ]);
  });

  it("is content with docstrings, own or of what is overridden, and with what users never see", () => {
    const source = [
      "/** B. */ export abstract class B {",
      "  /** F. */ abstract f(): void;",
      "  /** @internal */ abstract g(): void;",
      "  protected h() {}",
      "  #p = 1; constructor() { this.#p; }",
      "}",
      "/** C. */ export class C extends B { f() {} g() {} private q = 1; }",
      "/** E. */ export class E extends Error {}",
      "/** @internal */ export function hidden() {}",
      "/** N. */ export type N = string | readonly number[];",
    ];
    expect(missingIn(source.join("\n"))).toEqual([]);
  });
});
