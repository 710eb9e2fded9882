import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

/** The packages' entry points lead to their sources, so that tests need no build: what `exports` names, under `src`. */
const alias = ["unrolled", "data", "cli"].flatMap((folder) => {
  const manifest: Manifest = JSON.parse(readFileSync(new URL(`packages/${folder}/package.json`, import.meta.url), "utf8"));
  return Object.entries(manifest.exports).map(([entry, target]) => ({
    find: new RegExp(`^${manifest.name}${entry.slice(1)}$`),
    replacement: new URL(`packages/${folder}/${target.default.replace("dist/", "").replace(/\.js$/, ".ts")}`, import.meta.url)
      .pathname,
  }));
});

interface Manifest {
  name: string;
  exports: Record<string, { default: string }>;
}

export default defineConfig({
  resolve: { alias },
  test: {
    include: ["packages/*/{src,kernels}/**/*.test.ts", "examples/**/*.test.ts", "scripts/**/*.test.ts"],
    globalSetup: "scripts/test/kernels.mjs",
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
