/** What is tried in every page, and in Node, which says what is to come out. */
import { adam, configure, crossEntropy, dense, engineInfo, fit, lstm, sequential, tensor } from "unrolled";
import { LanguageModel } from "unrolled/tasks";

const text = "she sells sea shells by the sea shore; the shells she sells are sea shells, I'm sure.\n".repeat(40);
/** @type {import("unrolled/tasks").LanguageModelOptions} */
const small = { units: 48, batchSize: 8, sequenceLength: 32, epochs: 4, seed: 7 };

/** A small LSTM, trained right here. */
export async function losses() {
  const network = sequential([lstm({ inputSize: 8, units: 24, returnSequences: true }), dense({ units: 5 })], { seed: 1 });
  const numbers = (length) => Float32Array.from({ length }, (_, index) => Math.sin(1.7 * index) + Math.cos(0.3 * index * index));
  const x = tensor(numbers(4 * 20 * 8), [4, 20, 8]);
  const y = tensor(
    Int32Array.from({ length: 4 * 20 }, (_, index) => (index * index) % 5),
    [4, 20],
  );
  const options = { loss: crossEntropy(), optimizer: adam({ learningRate: 0.01 }), epochs: 20 };
  const { epochs } = await fit(network, [{ x, y }], options);
  return { losses: epochs.map(({ loss }) => loss), build: engineInfo().name, threads: engineInfo().threads };
}

/** A task, trained right here or in a worker: the model's weights by a checksum, and what was heard of the training meanwhile. */
export async function languageModel({ worker }) {
  const steps = [];
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const model = await LanguageModel.train(text, { ...small, worker, onProgress: ({ step, loss }) => steps.push([step, loss]) });
  clearInterval(timer);
  const files = new Map();
  await model.save(files);
  const sample = model.sample("she ", { length: 30, temperature: 0 });
  return { weights: await checksum(files.get("model.safetensors")), steps, sample, ticks };
}

const aborting = new AbortController();
let endless;

/** Begins a training in a worker that is large enough for threads, and waits for its third step. */
export function beginEndless() {
  const { promise: begun, resolve } = Promise.withResolvers();
  const onProgress = ({ step }) => step === 3 && resolve();
  const options = { ...small, units: 256, batchSize: 16, epochs: 100_000, worker: true, signal: aborting.signal, onProgress };
  endless = LanguageModel.train(text, options);
  return Promise.race([begun, endless.then(() => undefined)]);
}

/** Ends it: the model is what it is by then. */
export async function endEndless() {
  aborting.abort();
  const { history } = await endless;
  return { interrupted: history.interrupted, steps: history.steps };
}

/** Training in a worker that keeps checkpoints in a map of the page's, and goes on from there. */
export async function resumed() {
  const checkpoints = new Map();
  await LanguageModel.train(text, { ...small, steps: 20, checkpoints, worker: true });
  const model = await LanguageModel.train(text, { ...small, checkpoints, resume: true, worker: true });
  const files = new Map();
  await model.save(files);
  return { weights: await checksum(files.get("model.safetensors")) };
}

/** The errors of what is wrong from the beginning, of what the worker finds, and of what the page does meanwhile. */
export async function errors() {
  const oops = () => {
    throw new RangeError("oops");
  };
  const wrong = [{ units: 0 }, { validation: "x" }, { onProgress: oops }];
  const failures = wrong.map((options) => LanguageModel.train(text, { ...small, ...options, worker: true }));
  return (await Promise.allSettled(failures)).map(({ reason }) => `${reason?.code ?? reason?.name}: ${reason?.message}`);
}

/** How many of two threads a page's main thread takes for itself, or the error where there can be no two. */
export async function twoThreads() {
  return await configure({ threads: 2 }).then(
    () => engineInfo().threads,
    ({ code }) => code,
  );
}

/** A worker's file that is not there. */
export async function lostWorker() {
  await configure({ workerUrl: new URL("nowhere.js", location.href) });
  return await LanguageModel.train(text, { ...small, worker: true }).then(
    () => "trained",
    ({ code, message }) => `${code}: ${message}`,
  );
}

async function checksum(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
