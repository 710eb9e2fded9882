// What is used of both versions of Vite, so that the types of this folder can be checked before they are installed.

declare module "vite" {
  interface Config {
    root: string;
    configFile: false;
    logLevel: "error";
    server?: { headers?: Readonly<Record<string, string>>; host?: string };
    build?: { outDir: string; emptyOutDir?: boolean; target?: string };
  }
  interface DevServer {
    listen(port: number): Promise<unknown>;
    close(): Promise<void>;
    readonly resolvedUrls: { readonly local: readonly string[] } | null;
  }
  export function build(config: Config): Promise<unknown>;
  export function createServer(config: Config): Promise<DevServer>;
}

declare module "vite-6" {
  export { build, createServer } from "vite";
}
