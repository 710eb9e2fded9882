import { rmSync } from "node:fs";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import * as vite8 from "vite";
import * as vite6 from "vite-6";
import { isolation, type Server, serve, strictPolicy } from "./server.js";

/** A way in which people bring the library to a page. */
export interface Setup {
  readonly name: string;
  /** The page, below the server's address. */
  readonly page: string;
  readonly isolated: boolean;
  /** Whether the page has a worker of its own, too: `inOwnWorker`. */
  readonly ownWorker: boolean;
  /** @param folder the project */
  start(folder: string): Promise<Server>;
}

const ESBUILD = { bundle: true, minify: true, format: "esm", target: "es2022", logLevel: "error" } as const;
const OTHER_PORT = 18_753;
type Vite = typeof vite8;

export const setups: readonly Setup[] = [
  ...[true, false].map(
    (isolated): Setup => ({
      name: `modules as they are${isolated ? "" : ", page not isolated"}`,
      page: "modules.html",
      isolated,
      ownWorker: false,
      start: (folder) => serve(folder, isolated ? isolation : {}),
    }),
  ),
  {
    name: "modules as they are, worker of another origin",
    page: `modules.html?worker=http://localhost:${OTHER_PORT}/training-worker.js`,
    isolated: true,
    ownWorker: false,
    async start(folder) {
      const outdir = join(folder, "elsewhere");
      await buildWorker(folder, outdir);
      const open = { ...isolation, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" };
      const [page, other] = [await serve(folder, isolation), await serve(outdir, open, OTHER_PORT)];
      const close = async () => void (await Promise.all([page.close(), other.close()]));
      return { url: page.url, close };
    },
  },
  {
    name: "a script tag, built by esbuild",
    page: "script.html",
    isolated: true,
    ownWorker: false,
    async start(folder) {
      // a script can't wait at its top level, as program.js does
      const contents = `import * as trials from "./trials.js"; globalThis.trials = trials;`;
      const stdin = { contents, resolveDir: folder };
      await esbuild({ ...ESBUILD, absWorkingDir: folder, format: "iife", stdin, outfile: join(folder, "script.js") });
      await buildWorker(folder, folder);
      return serve(folder, isolation);
    },
  },
  {
    name: "modules built by esbuild",
    page: "bundled.html",
    isolated: true,
    ownWorker: true,
    async start(folder) {
      const outdir = join(folder, "bundled");
      const entryPoints = {
        program: "./own-worker-program.js",
        "own-worker": "./own-worker.js",
        "training-worker": "unrolled/worker",
      };
      await esbuild({ ...ESBUILD, absWorkingDir: folder, entryPoints, outdir });
      return serve(folder, isolation);
    },
  },
  ...[8, 6].flatMap((version): Setup[] => {
    const vite = version === 8 ? vite8 : vite6;
    return [
      {
        name: `Vite ${version}, development`,
        page: "",
        isolated: true,
        ownWorker: true,
        start: (folder) => develop(vite, folder),
      },
      {
        name: `Vite ${version}, build, strict content security policy`,
        page: "index.html",
        isolated: true,
        ownWorker: true,
        start: (folder) => built(vite, folder, join(folder, `../built-${version}`)),
      },
    ];
  }),
];

async function buildWorker(absWorkingDir: string, outdir: string): Promise<void> {
  await esbuild({ ...ESBUILD, absWorkingDir, entryPoints: { "training-worker": "unrolled/worker" }, outdir });
}

async function develop({ createServer }: Vite, root: string): Promise<Server> {
  // what the other version left
  rmSync(join(root, "node_modules/.vite"), { recursive: true, force: true });
  const server = await createServer({ root, configFile: false, logLevel: "error", server: { headers: isolation } });
  await server.listen(0);
  return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

async function built({ build }: Vite, root: string, outDir: string): Promise<Server> {
  await build({ root, configFile: false, logLevel: "error", build: { outDir, target: "es2022" } });
  return serve(outDir, { ...isolation, ...strictPolicy });
}
