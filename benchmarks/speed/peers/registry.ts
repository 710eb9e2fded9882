import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Command } from "../programs/command.js";
import { compiled } from "../programs/cpp.js";
import { contestantProgram } from "../programs/node.js";
import { pythonWith } from "../programs/python.js";
import { type Job, type Mode, operations, type Part } from "../workload.js";

/** What this project is called in the results. */
export const OURS = "unrolled";

const HOW_TO_GET = "`npm run bench -- install-peers` installs it on Debian";

/** Another library, and how it takes part. */
export interface PeerEntry {
  readonly name: string;
  /** What a person calls it. */
  readonly title: string;
  /** What it does in each mode that it takes part in, in words. */
  readonly does: Readonly<Partial<Record<Mode, string>>>;
  /** How much of a workload it computes, and is so compared with. */
  partOf(mode: Mode): Part;
  takes(job: Job): boolean;
  /** Why it can't run here, with the way to get it; undefined where it can. */
  missing(): string | undefined;
  command(job: Job, threads: number): Promise<Command>;
  /** Whether it trains with cross-entropy, so that its loss tells whether it does the work. */
  readonly crossEntropy: boolean;
}

/** Of a stream's step every peer computes the recurrent layer alone. */
export const ourPartOf = (mode: Mode): Part => (mode === "step" ? "layer" : "network");

const pytorchScript = fileURLToPath(new URL("pytorch.py", import.meta.url));

const allOfIt = "forward, cross-entropy, backward, Adam on all weights of recurrent and dense layers";

export const peers: readonly PeerEntry[] = [
  {
    name: "onednn",
    title: "oneDNN",
    does: {
      train:
        "the recurrent layers alone: forward, backward, gradients of input, weights and biases; compared with our recurrent layers " +
        "alone, `valueAndGradients` with a given output gradient",
      infer: "the recurrent layers alone; compared with ours alone",
    },
    partOf: () => "layer",
    // Its stack has one input size for all layers.
    takes: ({ workload: { embedded, inputSize, units, layers }, mode }) =>
      mode !== "step" && !embedded && (layers === 1 || inputSize === units),
    missing() {
      const result = oneDnnProgram();
      return "error" in result ? `oneDNN doesn't compile here (${result.error}); ${HOW_TO_GET}` : undefined;
    },
    command(job, threads) {
      const result = oneDnnProgram();
      if ("error" in result) throw new Error(`onednn: ${result.error}`);
      const env = { OMP_NUM_THREADS: String(threads || availableParallelism()) };
      return Promise.resolve({ program: result.program, args: jobWords(job, threads), env });
    },
    crossEntropy: false,
  },
  {
    name: "pytorch",
    title: "PyTorch",
    does: {
      train: allOfIt,
      infer: "forward to the logits, without gradients",
      step: "`torch.nn.LSTM` on one step with carried state, without gradients",
    },
    partOf: ourPartOf,
    takes: () => true,
    missing() {
      const python = pythonWith("torch");
      if (python === undefined) return `no python3 here has torch; ${HOW_TO_GET}`;
      const { status, stderr } = spawnSync(python, [pytorchScript, "check"], { encoding: "utf8" });
      return status === 0 ? undefined : `${stderr.trim().split("\n").at(-1)}; ${HOW_TO_GET}`;
    },
    command(job, threads) {
      // Its fastest setting: OpenBLAS has the threads.
      const env = { OPENBLAS_NUM_THREADS: String(threads || availableParallelism()), OMP_NUM_THREADS: "1" };
      return Promise.resolve({
        program: pythonWith("torch") ?? "python3",
        args: [pytorchScript, ...jobWords(job, threads)],
        env,
      });
    },
    crossEntropy: true,
  },
  {
    name: "onnxruntime",
    title: "onnxruntime",
    does: { infer: "forward to the logits", step: "an LSTM node on one step with carried state" },
    partOf: ourPartOf,
    takes: ({ mode, workload: { embedded } }) => mode !== "train" && !embedded,
    missing: () => undefined,
    command: (job, threads) => inNode("onnxruntime", job, threads),
    crossEntropy: false,
  },
  {
    name: "tfjs",
    title: "TensorFlow.js",
    does: {
      train: `\`trainOnBatch\`: ${allOfIt} (its GRU resets before the product; its embeddings don't train on this backend, so that the words of sequence to sequence are one-hot)`,
      infer: "`predict` to the logits",
      step: "`predict` of a stateful layer on one step",
    },
    partOf: ourPartOf,
    // A step of more would take it most of a minute.
    takes: (job) => (!job.workload.embedded || job.workload.source > 0) && !job.workload.inputFeeding && operations(job) < 30e9,
    missing: () => undefined,
    command: (job, threads) => inNode("tfjs", job, threads),
    crossEntropy: true,
  },
  {
    name: "brain",
    title: "brain.js",
    does: {
      train:
        "`train` of a time step network: it learns to predict the next step, mean squared error on I outputs; the time of one " +
        "sequence × B",
      infer: "`run` of a time step network; the time of one sequence × B",
    },
    partOf: ourPartOf,
    takes: ({ mode, workload: { embedded } }) => mode !== "step" && !embedded,
    missing: () => undefined,
    command: (job, threads) => inNode("brain", job, threads),
    crossEntropy: false,
  },
];

/** This project in a Node and with an environment. */
export function ourCommand(
  job: Job,
  threads: number,
  { node = process.execPath, build }: { readonly node?: string; readonly build?: string } = {},
): Promise<Command> {
  return inNode(OURS, job, threads, node, build === undefined ? {} : { UNROLLED_SIMD: build });
}

async function inNode(
  name: string,
  job: Job,
  threads: number,
  node = process.execPath,
  env: Readonly<Record<string, string>> = {},
): Promise<Command> {
  return { program: node, args: [await contestantProgram(), name, ...jobWords(job, threads)], env };
}

function jobWords({ mode, part, workload }: Job, threads: number): string[] {
  return [mode, part, String(threads), ...workload.name.split(" ")];
}

function oneDnnProgram(): ReturnType<typeof compiled> {
  return compiled(new URL("onednn.cpp", import.meta.url), ["dnnl"]);
}
