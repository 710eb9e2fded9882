/** Saving and loading: a model as a folder, weights as a safetensors file, and training that goes on after an interruption. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lstm } from "unrolled";
import { readSafetensors, type StoredTensor, writeSafetensors } from "unrolled/files";
import { folder } from "unrolled/node";
import { LanguageModel, loadModel } from "unrolled/tasks";

const directory = await mkdtemp(join(tmpdir(), "unrolled-saving-"));
try {
  // five epochs, and later the other five: the same bits as ten at once
  const text = "peter piper picked a peck of pickled peppers. ".repeat(40);
  const options = { units: 32, batchSize: 8, sequenceLength: 24, learningRate: 0.01, seed: 7 };
  const checkpoints = folder(join(directory, "checkpoints"));
  await LanguageModel.train(text, { ...options, epochs: 5, checkpoints });
  const resumed = await LanguageModel.train(text, { ...options, epochs: 10, checkpoints, resume: true });
  const atOnce = await LanguageModel.train(text, { ...options, epochs: 10 });
  console.log(`loss resumed ${resumed.history.epochs.at(-1)?.loss}, at once ${atOnce.history.epochs.at(-1)?.loss}`);

  // a model is a folder with everything that is needed to use it again, and no code
  const place = folder(join(directory, "peter"));
  await resumed.save(place);
  const loaded = await loadModel(place);
  if (loaded.task !== "language-model") throw new Error("another task");
  console.log(`files: ${(await place.list()).join(", ")}`);
  console.log(`saved:  peter${resumed.sample("peter", { length: 40, temperature: 0.5, seed: 1 })}`);
  console.log(`loaded: peter${loaded.sample("peter", { length: 40, temperature: 0.5, seed: 1 })}`);
} finally {
  await rm(directory, { recursive: true });
}

// any network's weights are a safetensors file, under PyTorch's names
const layer = lstm({ inputSize: 3, units: 4 });
const weights = new Map<string, StoredTensor>();
for (const [name, { shape, data }] of layer.stateDict())
  weights.set(name, { dtype: "F32", shape, data: Float32Array.from(data) });
const { tensors } = readSafetensors(writeSafetensors(weights), "weights");
for (const [name, { shape }] of tensors) console.log(name, shape);
