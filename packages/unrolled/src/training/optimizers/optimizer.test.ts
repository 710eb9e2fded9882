import { describe, expect, it } from "vitest";
import { type FixtureTensor, readFixtures } from "../../cells/testing/fixtures.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { dense } from "../../layers/dense.js";
import { plain } from "../../layers/testing/plain.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type OptimizerFixture, readFixtures as readTrainingFixtures } from "../testing/fixtures.js";
import { adagrad } from "./adagrad.js";
import { adam } from "./adam.js";
import { adamw } from "./adamw.js";
import type { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { sgd } from "./sgd.js";

const tensorOf = ({ data, shape }: FixtureTensor): Tensor => tensor(Float64Array.from(data), shape);

const precisions = [
  ...engines.map((engine) => ({ ...engine, precision: "float32", bound: 1e-5 })),
  { name: "reference", precision: "float64", bound: 1e-10, create: () => referenceEngine("float64") },
];

const cases = [
  ...readFixtures("optimizers").map((fixture) => ({
    ...fixture,
    make: () => (fixture.name === "adam" ? adam(fixture.options) : sgd(fixture.options)),
  })),
  ...readTrainingFixtures("optimizers").map((fixture) => ({ ...fixture, make: () => made(fixture) })),
];

function made(fixture: OptimizerFixture): Optimizer {
  switch (fixture.optimizer) {
    case "sgd":
      return sgd(fixture.options);
    case "rmsprop":
      return rmsprop(fixture.options);
    case "adagrad":
      return adagrad(fixture.options);
    case "adamw":
      return adamw(fixture.options);
  }
}

describe.each(precisions)("on the $name engine in $precision", ({ create, bound }) => {
  it.each(cases)("takes PyTorch's steps: $name", (fixture) => {
    const layer = withEngine(create(), () => {
      const made = dense({ inputSize: 5, units: 3 });
      made.loadStateDict({ weight: tensorOf(fixture.initial.weight), bias: tensorOf(fixture.initial.bias) });
      return made;
    });
    const optimizer = fixture.make();
    for (const { gradients, parameters } of fixture.steps) {
      optimizer.update(layer.parameters, [tensorOf(gradients.weight), tensorOf(gradients.bias)]);
      for (const name of ["weight", "bias"] as const) {
        const values = layer.stateDict().get(name)?.data ?? [];
        const errors = parameters[name].data.map((expected, index) => Math.abs(expected - (values[index] ?? Number.NaN)));
        expect(Math.max(...errors)).toBeLessThan(bound);
      }
    }
  });
});

describe("an optimizer", () => {
  const one = tensor([[1, 1]]);
  const made = () => {
    const layer = dense({ inputSize: 2, units: 1 });
    layer.loadStateDict({ weight: tensor([[1, 2]]), bias: tensor([3]) });
    return layer;
  };

  it("follows its learning rate, which may change between steps", () => {
    const layer = made();
    const optimizer = sgd({ learningRate: 0.5 });
    optimizer.update(layer.parameters, [one, tensor([1])]);
    optimizer.learningRate = 0.25;
    optimizer.update(layer.parameters, [one, tensor([1])]);
    expect(plain(layer.stateDict())).toMatchObject({ weight: { numbers: [0.25, 1.25] }, bias: { numbers: [2.25] } });
  });

  it("has the defaults of Keras or PyTorch", () => {
    const take = (optimizer: Optimizer) => {
      const layer = made();
      for (const value of [1, -3, 2]) optimizer.update(layer.parameters, [tensor([[value, -1]]), tensor([0.5])]);
      return plain(layer.stateDict());
    };
    expect(take(adam())).toEqual(take(adam({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })));
    expect(take(adamw())).toEqual(
      take(adamw({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 })),
    );
    expect(take(sgd())).toEqual(take(sgd({ learningRate: 0.01, momentum: 0, nesterov: false })));
    expect(take(rmsprop())).toEqual(take(rmsprop({ learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-8 })));
    expect(take(adagrad())).toEqual(take(adagrad({ learningRate: 0.01, epsilon: 1e-10 })));
  });

  it("adamw decays the parameters that `decay` says, matrices alone by default, and is Adam for the others", () => {
    const step = (optimizer: Optimizer) => {
      const layer = made();
      optimizer.update(layer.parameters, [tensor([[0, 0]]), tensor([0])]);
      return plain(layer.stateDict());
    };
    const options = { learningRate: 0.5, weightDecay: 0.5 };
    expect(step(adamw(options))).toMatchObject({ weight: { numbers: [0.75, 1.5] }, bias: { numbers: [3] } });
    const biases = ({ name }: { name: string }) => name === "bias";
    expect(step(adamw({ ...options, decay: biases }))).toMatchObject({ weight: { numbers: [1, 2] }, bias: { numbers: [2.25] } });
    expect(step(adamw({ weightDecay: 0 }))).toEqual(step(adam()));
  });

  it("keeps what it needs for each parameter apart, in several networks at once", () => {
    const [shared, apart] = [
      [made(), made()],
      [made(), made()],
    ];
    const optimizer = adam();
    for (const layer of shared) optimizer.update(layer.parameters, [one, tensor([1])]);
    for (const layer of apart) adam().update(layer.parameters, [one, tensor([1])]);
    expect(shared.map((layer) => plain(layer.stateDict()))).toEqual(apart.map((layer) => plain(layer.stateDict())));
  });

  it("refuses gradients that are missing, too many or of another shape, and changes nothing", () => {
    const layer = made();
    const before = plain(layer.stateDict());
    const error = (detail: string) =>
      expect.objectContaining({ code: "UNROLLED_SHAPE", message: `sgd: expected a gradient ${detail}` });
    expect(() => sgd().update(layer.parameters, [one])).toThrow(
      error("for each of 2 parameters, received 1: bias is [1], its gradient []."),
    );
    expect(() => sgd().update(layer.parameters, [one, tensor([1]), one])).toThrow(error("for each of 2 parameters, received 3."));
    expect(() => sgd().update(layer.parameters, [tensor([1, 1]), tensor([1])])).toThrow(
      error("for each of 2 parameters, received 2: weight is [1, 2], its gradient [2]."),
    );
    expect(plain(layer.stateDict())).toEqual(before);
  });

  it.each<[make: () => unknown, message: string]>([
    [() => adam({ learningRate: -1 }), "adam: `learningRate` must be a finite number of at least 0, received -1."],
    [() => adam({ learningRate: Number.NaN }), "adam: `learningRate` must be a finite number of at least 0, received NaN."],
    [() => adam({ beta1: 1 }), "adam: `beta1` must be from 0 to below 1, received 1."],
    [() => adam({ beta2: -0.1 }), "adam: `beta2` must be from 0 to below 1, received -0.1."],
    [
      () => adam({ epsilon: Number.POSITIVE_INFINITY }),
      "adam: `epsilon` must be a finite number of at least 0, received Infinity.",
    ],
    [() => sgd({ momentum: 1 }), "sgd: `momentum` must be from 0 to below 1, received 1."],
    [
      () => sgd({ learningRate: Number.POSITIVE_INFINITY }),
      "sgd: `learningRate` must be a finite number of at least 0, received Infinity.",
    ],
    [
      () => sgd({ centered: true } as object),
      "sgd: there is no option `centered`; the options are learningRate, momentum, nesterov.",
    ],
    [() => sgd({ nesterov: true }), "sgd: `nesterov` needs a `momentum` above 0, received 0; set momentum: 0.9, say."],
    [() => rmsprop({ rho: 1 }), "rmsprop: `rho` must be from 0 to below 1, received 1."],
    [() => rmsprop({ momentum: -1 }), "rmsprop: `momentum` must be from 0 to below 1, received -1."],
    [() => adagrad({ epsilon: -1 }), "adagrad: `epsilon` must be a finite number of at least 0, received -1."],
    [() => adamw({ weightDecay: -1 }), "adamw: `weightDecay` must be a finite number of at least 0, received -1."],
    [() => adamw({ beta1: 1 }), "adamw: `beta1` must be from 0 to below 1, received 1."],
    [
      () => adam({ weightDecay: 0.1 } as object),
      "adam: there is no option `weightDecay`; the options are learningRate, beta1, beta2, epsilon.",
    ],
  ])("refuses options that are unknown or out of range: %s", (make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
  });
});
