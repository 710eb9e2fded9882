import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { fit } from "../training/fit.js";
import { crossEntropy } from "../training/losses/cross-entropy.js";
import { sgd } from "../training/optimizers/sgd.js";
import { activation } from "./activation.js";
import { gru, lstm } from "./cells.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { flatten, imageColumns } from "./image-reading.js";
import type { Layer } from "./layer.js";
import { maxPooling2d } from "./max-pooling2d.js";
import { meanOverTime } from "./pooling.js";
import { repeatVector } from "./repeat-vector.js";
import { sequential } from "./sequential.js";
import { expectFixture, readFixtures, weightsOf } from "./testing/fixtures.js";
import { randomTensor } from "./testing/random-tensor.js";

const golden = readFixtures("convolution");

describe("images as PyTorch computes them, values and gradients, on every engine", () => {
  it.each([
    ["valid", { filters: 5, kernelSize: [2, 3], inputShape: [4, 6, 3] }],
    ["strides", { filters: 3, kernelSize: 3, strides: [2, 1], inputShape: [6, 5, 2] }],
    ["same", { filters: 3, kernelSize: [4, 3], padding: "same", inputShape: [5, 4, 2] }],
  ] as const)("conv2d, %s", (name, options) => {
    expectFixture(golden[name], () => {
      const layer = conv2d(options);
      layer.loadStateDict(weightsOf(golden[name]));
      return { variables: { weight: layer.weight, bias: layer.bias }, apply: (x) => layer.apply(x) };
    });
  });

  it("maxPooling2d", () => {
    const make = () => maxPooling2d({ poolSize: [2, 3], strides: [1, 2], inputShape: [4, 7, 3] });
    expectFixture(golden.maxPooling, () => ({ variables: {}, apply: (x) => make().apply(x) }));
  });

  it("a whole network, whose weights load by their names in torch.nn.Sequential", () => {
    expectFixture(golden.network, () => {
      const layers = [conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 8, 2] }), activation("relu"), maxPooling2d()];
      const network = sequential([...layers, flatten(), dense({ units: 4 })]);
      network.loadStateDict(weightsOf(golden.network));
      const names = ["0.weight", "0.bias", "4.weight", "4.bias"];
      const variables = Object.fromEntries(network.parameters.map((parameter, index) => [names[index], parameter]));
      return { variables, apply: (x) => network.apply(x) };
    });
  });
});

/** Strips of several widths, read column by column. */
function reader(padding: "valid" | "same", end: readonly Layer[] = []) {
  return sequential(
    [
      conv2d({ filters: 4, kernelSize: 3, padding, activation: "relu", inputShape: [6, null, 2] }),
      maxPooling2d({ padding }),
      dense({ units: 3 }),
      imageColumns(),
      ...end,
    ],
    { seed: 1 },
  );
}

describe.each(["valid", "same"] as const)("images of unequal width, %s", (padding) => {
  const x = randomTensor([4, 6, 11, 2], 1);
  const lengths = [7, 11, 5, 11];

  it("give what each gives alone, and nothing past its end is read", () => {
    const network = reader(padding, [gru({ units: 3, bidirectional: "concat", returnSequences: true })]);
    const together = network.apply(x, { lengths });
    const columnsOf = (width: number) => (padding === "same" ? Math.ceil(width / 2) : Math.floor((width - 2) / 2));
    expect(together.shape).toEqual([4, columnsOf(11), 6]);
    for (const [image, width] of lengths.entries()) {
      const alone = network.apply(cut(x, image, width));
      expect(alone.shape).toEqual([1, columnsOf(width), 6]);
      const own = together.data.slice(image * columnsOf(11) * 6, (image + 1) * columnsOf(11) * 6);
      expect(own.slice(0, alone.size)).toEqual(alone.data);
      expect(own.slice(alone.size).every((value) => value === 0)).toBe(true);
    }
  });

  it("have the right gradients by weights and pixels", () => {
    const network = reader(padding, [lstm({ units: 3, returnSequences: true }), meanOverTime()]);
    const loss = () => sum(square(network.apply(x, { lengths })));
    expect(checkGradients([...network.parameters, x], loss, { entries: 40 }).largestError).toBeLessThan(1e-6);
  });

  it("alone, each layer gives images with 0 past each one's width", () => {
    const layer = conv2d({ filters: 3, kernelSize: [2, 3], padding, inputShape: [6, null, 2], seed: 1 });
    const y = layer.apply(x, { lengths });
    for (const [image, width] of lengths.entries()) {
      const alone = layer.apply(cut(x, image, width));
      const [, height, columns] = alone.shape as [number, number, number];
      for (const [place, value] of cut(y, image, y.shape[2] as number).data.entries()) {
        const [line, column, channel] = [
          Math.floor(place / 3 / (y.shape[2] as number)),
          Math.floor(place / 3) % (y.shape[2] as number),
          place % 3,
        ];
        expect(line).toBeLessThan(height);
        expect(value).toBe(column < columns ? alone.data[(line * columns + column) * 3 + channel] : 0);
      }
    }
  });
});

/** One of [batch, height, width, channels], the first `width` columns of it. */
function cut({ data, shape }: Tensor, image: number, width: number): Tensor {
  const [, height, all, channels] = shape as [number, number, number, number];
  const lines = Array.from({ length: height }, (_, y) => {
    const from = (image * height + y) * all * channels;
    return [...data.slice(from, from + width * channels)];
  });
  return tensor(Float32Array.from(lines.flat()), [1, height, width, channels]);
}

describe("images that become rows and sequences", () => {
  const x = tensor([
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ],
  ]);

  it("flatten: channel by channel", () => {
    expect(flatten().apply(x).toArray()).toEqual([[1, 3, 5, 7, 9, 11, 2, 4, 6, 8, 10, 12]]);
  });

  it("imageColumns: a step a column, the channels of its pixels from top to bottom", () => {
    const [first, second, third] = [
      [1, 2, 7, 8],
      [3, 4, 9, 10],
      [5, 6, 11, 12],
    ];
    expect(imageColumns().apply(x).toArray()).toEqual([[first, second, third]]);
    expect(
      imageColumns()
        .apply(x, { lengths: [2] })
        .toArray(),
    ).toEqual([[first, second, [0, 0, 0, 0]]]);
  });
});

describe("a network of images", () => {
  it("learns by fit to tell horizontal from vertical bars", async () => {
    const network = sequential(
      [
        conv2d({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1] }),
        maxPooling2d(),
        flatten(),

        dense({ units: 2 }),
      ],
      { seed: 3 },
    );
    const bar = (place: number, vertical: boolean) =>
      Array.from({ length: 64 }, (_, pixel) => ((vertical ? pixel % 8 : Math.floor(pixel / 8)) === place ? 1 : 0));
    const pixels = Array.from({ length: 16 }, (_, image) => bar(image % 8, image >= 8)).flat();
    const data = [
      { x: tensor(Float32Array.from(pixels), [16, 8, 8, 1]), y: Array.from({ length: 16 }, (_, image) => (image >= 8 ? 1 : 0)) },
    ];
    const history = await fit(network, data, { loss: crossEntropy(), optimizer: sgd({ learningRate: 0.3 }), epochs: 120 });
    expect(history.epochs.at(-1)?.loss).toBeLessThan(0.1);
  });

  it("says in its summary how large its images are", () => {
    expect(reader("same").summary()).toBe(
      `
layer         output                parameters
conv2d        [batch, 6, width, 4]          76
maxPooling2d  [batch, 3, width, 4]           0
dense         [batch, 3, width, 3]          15
imageColumns  [batch, time, 9]               0
total                                       91`.slice(1),
    );
  });

  it.each([
    [
      () => [conv2d({ filters: 2, kernelSize: 3 })],
      "conv2d: the size of its images is not known; set inputShape: [height, width, channels], or put the layer behind another that gives images.",
    ],
    [
      () => [conv2d({ filters: 2, kernelSize: 3, inputShape: [2, 9, 1] })],
      'conv2d: a window of [3, 3] finds no place in images of [2, 9]; make it smaller, or set padding: "same".',
    ],
    [
      () => [image(), maxPooling2d({ inputShape: [4, 4, 3] })],
      "maxPooling2d: inputShape is [4, 4, 3], but the layer before gives [4, any, 2]; leave inputShape out.",
    ],
    [
      () => [image(), lstm({ units: 2 })],
      "sequential: lstm after conv2d: it reads no images; put imageColumns() between, which gives a step for each column, or flatten().",
    ],
    [
      () => [image(), repeatVector(2)],
      "sequential: repeatVector after conv2d: it reads no images; put imageColumns() between, which gives a step for each column, or flatten().",
    ],
    [
      () => [image(), flatten()],
      "flatten: images of any width don't become rows of one length; set a width in inputShape, or read them with imageColumns().",
    ],
    [
      () => [dense({ inputSize: 3, units: 2 }), image()],
      "sequential: conv2d after dense: it reads images, which the layer before doesn't give; put it first.",
    ],
    [
      () => [dense({ inputSize: 3, units: 2 }), flatten()],
      "flatten: it reads images, which nothing before it gives; put it behind conv2d or maxPooling2d.",
    ],
  ])("refuses layers that don't fit together, %#", (layers, message) => {
    expect(() => sequential(layers())).toThrow(message);
  });

  it("refuses images of another size, widths that don't fit, and images narrower than a window", () => {
    const apply = (shape: readonly number[], lengths?: number[]) => () =>
      reader("valid").apply(randomTensor(shape, 1), lengths && { lengths });
    expect(apply([2, 5, 9, 2])).toThrow(
      "conv2d: `x` must be [batch, 6, width, 2], with at least one image, received [2, 5, 9, 2]; set inputShape to the images' [height, width, channels], or feed such images.",
    );
    for (const shape of [
      [6, 9, 2],
      [0, 6, 9, 2],
      [1, 6, 0, 2],
      [1, 6, 9, 1],
    ])
      expect(apply(shape)).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
    expect(apply([2, 6, 9, 2], [9])).toThrow("conv2d: `lengths` must have one entry for each of 2 images, received 1.");
    for (const wrong of [0, 10, 1.5, Number.NaN]) {
      expect(apply([2, 6, 9, 2], [9, wrong])).toThrow(
        `conv2d: \`lengths\` must be whole numbers from 1 to 9, the width of \`x\`, received ${wrong} at position 1.`,
      );
    }
    expect(apply([2, 6, 9, 2], [9, 2])).toThrow(
      'conv2d: image 1 is 2 wide where it comes in, and the window 3, at strides of 1; feed wider images, or set padding: "same".',
    );
    expect(apply([2, 6, 9, 2], [9, 3])).toThrow("maxPooling2d: image 1 is 1 wide where it comes in");
  });

  it("refuses to flatten images of unequal width, to be read step by step, and a loss of rows", async () => {
    const flat = sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [4, 6, 1] }), flatten()]);
    expect(() => flat.apply(randomTensor([2, 4, 6, 1], 1), { lengths: [6, 5] })).toThrow("flatten: images of different widths");
    expect(() => flat.stream()).toThrow("stream: the conv2d in the network needs whole sequences");
    const map = sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [4, 6, 1] })]);
    await expect(
      fit(map, [{ x: randomTensor([2, 4, 6, 1], 1), y: [0, 1] }], {
        loss: crossEntropy(),
        optimizer: sgd({ learningRate: 0.1 }),
        epochs: 1,
      }),
    ).rejects.toThrow(
      "crossEntropy: the network gives images, and the loss judges rows; put flatten() or imageColumns() behind its last convolution.",
    );
  });
});

function image() {
  return conv2d({ filters: 2, kernelSize: 3, inputShape: [6, null, 1] });
}
