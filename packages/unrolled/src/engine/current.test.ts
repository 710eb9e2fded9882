import v8 from "node:v8";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "./testing/engines.js";
import type { EngineName } from "./engine.js";

/** The module as a fresh process has it: no engine chosen yet. */
async function freshModule() {
  vi.resetModules();
  return { ...(await import("./current.js")), ...(await import("./wasm-engine.js")) };
}

/** Makes this host one that can run only such builds as `supported` names. */
async function pretendHost(supported: readonly EngineName[]): Promise<void> {
  const { moduleBytes } = await import("./module-bytes.js");
  const relaxedLength = moduleBytes("relaxed").length;
  const validate = WebAssembly.validate.bind(WebAssembly);
  vi.spyOn(WebAssembly, "validate").mockImplementation((source) => {
    const build = source.byteLength === relaxedLength ? "relaxed" : "baseline";
    return supported.includes(build) && validate(source);
  });
}

function refusal(code: string, message: string): unknown {
  return expect.objectContaining({ name: "UnrolledError", code, message });
}

beforeEach(() => {
  vi.stubEnv("UNROLLED_SIMD", undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the engine that is taken without a choice", () => {
  it.each([
    { supported: ["baseline", "relaxed"], name: "relaxed" },
    { supported: ["baseline"], name: "baseline" },
    { supported: [], name: "reference" },
  ] as const)("on a host that can run $supported is $name", async ({ supported, name }) => {
    await pretendHost(supported);
    const { engineInfo } = await freshModule();
    expect(engineInfo()).toMatchObject({ name, precision: "float32" });
  });

  it.each(["reference", "baseline"] as const)("is %s where UNROLLED_SIMD says so", async (name) => {
    vi.stubEnv("UNROLLED_SIMD", name);
    const { engineInfo } = await freshModule();
    expect(engineInfo().name).toBe(name);
  });

  it("is the best one where UNROLLED_SIMD is empty", async () => {
    await pretendHost(["baseline"]);
    vi.stubEnv("UNROLLED_SIMD", "");
    const { engineInfo } = await freshModule();
    expect(engineInfo().name).toBe("baseline");
  });

  it("is an error where UNROLLED_SIMD names no build, with all that there are", async () => {
    vi.stubEnv("UNROLLED_SIMD", "avx");
    const { engineInfo, configure } = await freshModule();
    const message = 'UNROLLED_SIMD must be one of reference, baseline, relaxed, wide, best, received "avx".';
    expect(engineInfo).toThrow(refusal("UNROLLED_VALUE", message));
    await expect(configure()).rejects.toThrow(refusal("UNROLLED_VALUE", message));
  });

  it("stays the same from call to call, and tells how much memory it holds", async () => {
    vi.stubEnv("UNROLLED_SIMD", "baseline");
    const { currentEngine, engineInfo } = await freshModule();
    const engine = currentEngine();
    engine.allocator.allocate(1 << 20);
    expect(currentEngine()).toBe(engine);
    expect(engineInfo().memoryBytes).toBe(engine.memory.elements.byteLength);
    expect(engineInfo().memoryBytes).toBeGreaterThanOrEqual(4 << 20);
  });
});

describe("configure", () => {
  it("chooses a build, against UNROLLED_SIMD too, and takes back the choice of before", async () => {
    vi.stubEnv("UNROLLED_SIMD", "baseline");
    const { configure, engineInfo } = await freshModule();
    await configure({ simd: "reference" });
    expect(engineInfo().name).toBe("reference");
    await configure({ simd: "baseline" });
    expect(engineInfo().name).toBe("baseline");
  });

  it("without options keeps what was chosen, and the engine with it", async () => {
    const { configure, currentEngine } = await freshModule();
    await configure({ simd: "reference" });
    const engine = currentEngine();
    await configure();
    await configure({});
    await configure({ simd: "reference" });
    expect(currentEngine()).toBe(engine);
  });

  it("refuses an option that there is not, and changes nothing", async () => {
    const { configure, engineInfo } = await freshModule();
    const before = engineInfo().name;
    await expect(configure({ sim: "reference" } as object)).rejects.toThrow(
      refusal("UNROLLED_VALUE", "configure: there is no option `sim`; the options are simd, threads, workerUrl."),
    );
    expect(engineInfo().name).toBe(before);
  });

  it("refuses what is no build, and names all that there are", async () => {
    const { configure } = await freshModule();
    const message = 'configure: `simd` must be one of reference, baseline, relaxed, wide, best, received "fast".';
    await expect(configure({ simd: "fast" as EngineName })).rejects.toThrow(refusal("UNROLLED_VALUE", message));
  });

  it("refuses a build that this host can't run, says why, and leaves the engine as it was", async () => {
    await pretendHost(["baseline"]);
    const { configure, currentEngine } = await freshModule();
    const message =
      "engine: the relaxed build needs WebAssembly with relaxed SIMD, which this host has not; " +
      "leave `simd` out and the best build that runs here is taken.";
    await expect(configure({ simd: "relaxed" })).rejects.toThrow(refusal("UNROLLED_ENGINE", message));
    expect(currentEngine().name).toBe("baseline");
    await configure();
    expect(currentEngine().name).toBe("baseline");
  });

  it("called twice at once gives one engine", async () => {
    const { configure, currentEngine } = await freshModule();
    const [first, second] = await Promise.all(
      [configure({ simd: "baseline" }), configure({ simd: "baseline" })].map(async (configured) => {
        await configured;
        return currentEngine();
      }),
    );
    expect(currentEngine().name).toBe("baseline");
    expect(second).toBe(first);
  });
});

describe("the wide build", () => {
  const mayPair = Number.parseInt(process.versions.node, 10) >= 24 && process.arch === "x64";

  it.runIf(mayPair)("asked for, is what computes, or an error that says why it is of no use here", async () => {
    const { configure, engineInfo, wideFault } = await freshModule();
    const outcome = await configure({ simd: "wide" }).then(
      () => engineInfo().name,
      (error) => error,
    );
    expect(outcome).toEqual(
      wideFault() === undefined
        ? "wide"
        : refusal("UNROLLED_ENGINE", expect.stringContaining(`engine: the wide build ${wideFault()}; `)),
    );
  });

  it.skipIf(mayPair)("asked for where V8 can't pair, is an error that says so (it can in Node 24 on x64)", async () => {
    const { configure } = await freshModule();
    const message =
      "engine: the wide build needs a V8 that pairs 128-bit operations, as that of Node 24 and later on x64 processors; " +
      "leave `simd` out and the best build that runs here is taken.";
    await expect(configure({ simd: "wide" })).rejects.toThrow(refusal("UNROLLED_ENGINE", message));
  });

  it("is what `best` stands for where it is of use, else that is the relaxed one", async () => {
    vi.stubEnv("UNROLLED_SIMD", "best");
    const { configure, engineInfo, wideFault } = await freshModule();
    expect(engineInfo().name).toBe(wideFault() === undefined ? "wide" : "relaxed");
    await configure({ simd: "best" });
    expect(engineInfo().name).toBe(wideFault() === undefined ? "wide" : "relaxed");
  });

  it("is not taken, and no flag of the process is changed, unless it is asked for", async () => {
    const { engineInfo } = await freshModule();
    const setFlags = vi.spyOn(v8, "setFlagsFromString");
    expect(engineInfo().name).toBe("relaxed");
    expect(setFlags).not.toHaveBeenCalled();
  });
});

describe("withEngine", () => {
  it("puts the engine of before back, thrown or not, nested or not", async () => {
    const { currentEngine, withEngine, wasmEngine } = await freshModule();
    const [before, a, b] = [currentEngine(), wasmEngine("baseline"), wasmEngine("baseline")];
    const inside = withEngine(a, () => [currentEngine(), withEngine(b, currentEngine), currentEngine()]);
    expect(inside.map((engine) => [a, b].indexOf(engine))).toEqual([0, 1, 0]);
    const failing = () =>
      withEngine(a, () => {
        throw new Error("inside");
      });
    expect(failing).toThrow("inside");
    expect(currentEngine()).toBe(before);
  });
});

describe("wasmEngine", () => {
  it("refuses baseline on a host without SIMD and threads", async () => {
    await pretendHost([]);
    const { wasmEngine, supportsBuild } = await freshModule();
    expect(supportsBuild("baseline")).toBe(false);
    const message =
      "engine: the baseline build needs WebAssembly with SIMD and threads, which this host has not; " +
      "leave `simd` out and the best build that runs here is taken.";
    expect(() => wasmEngine("baseline")).toThrow(refusal("UNROLLED_ENGINE", message));
  });

  it("compiled beforehand compiles once", async () => {
    const { compileBuild, wasmEngine } = await freshModule();
    const compile = vi.spyOn(WebAssembly, "compile");
    await compileBuild("baseline");
    await compileBuild("baseline");
    const synchronous = vi.spyOn(WebAssembly, "Module");
    wasmEngine("baseline");
    wasmEngine("baseline");
    expect(compile).toHaveBeenCalledOnce();
    expect(synchronous).not.toHaveBeenCalled();
  });
});
