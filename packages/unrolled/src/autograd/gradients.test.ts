import { describe, expect, it } from "vitest";
import { currentEngine, withEngine } from "../engine/current.js";
import { engines, wasmEngines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import { Parameter } from "../tensor/parameter.js";
import { Tensor } from "../tensor/tensor.js";
import { evaluate, valueAndGradients } from "./gradients.js";
import { add } from "./ops/add.js";
import { linear } from "./ops/linear.js";
import { mean } from "./ops/mean.js";
import { multiply } from "./ops/multiply.js";
import { reshape } from "./ops/reshape.js";
import { scale } from "./ops/scale.js";
import { square } from "./ops/square.js";
import { sum } from "./ops/sum.js";
import { currentScope } from "./scope.js";

const EXPIRED =
  "tensor [2]: the call that computed it has ended and its memory is used again; " +
  "return it from `valueAndGradients` or `evaluate`, or read its `data` inside.";

function parameterOf(values: number[], engine = currentEngine()): Parameter {
  return new Parameter(engine, "w", [values.length], () => values);
}

describe.each(engines)("valueAndGradients, $name engine", ({ create }) => {
  const engine = create();
  const onEngine = <R>(work: () => R): R => withEngine(engine, work);

  it("gives the loss and a gradient for every variable, in their order and shapes, tensors and parameters alike", () => {
    const [x, w] = [
      tensor([
        [1, 2],
        [3, 4],
      ]),
      parameterOf([5, 6], engine),
    ];
    const { value, gradients } = valueAndGradients([x, w], () => sum(multiply(x, w)));
    expect(value).toBe(1 * 5 + 2 * 6 + 3 * 5 + 4 * 6);
    expect(gradients.map((gradient) => gradient.toArray())).toEqual([
      [
        [5, 6],
        [5, 6],
      ],
      [4, 6],
    ]);
  });

  it("leaves the variables as they are, and gives the same again", () => {
    const [x, w] = [tensor([1, 2]), parameterOf([3, 4], engine)];
    const step = () => valueAndGradients([x, w], () => sum(square(multiply(x, w))));
    const [first, second] = [step(), step()];
    expect(second.value).toBe(first.value);
    expect(second.gradients.map(({ data }) => data)).toEqual(first.gradients.map(({ data }) => data));
    expect([x.toArray(), w.read().toArray(), w.version]).toEqual([[1, 2], [3, 4], 0]);
  });

  it("gives zeros for a variable that the loss does not depend on, and for all where it is a constant", () => {
    const [x, unused] = [tensor([1, 2]), parameterOf([3, 4, 5], engine)];
    const { gradients } = valueAndGradients([unused, x], () => sum(x));
    expect(gradients.map((gradient) => gradient.toArray())).toEqual([
      [0, 0, 0],
      [1, 1],
    ]);
    const constant = onEngine(() => valueAndGradients([x], () => tensor(7)));
    expect([constant.value, constant.gradients[0]?.toArray()]).toEqual([7, [0, 0]]);
  });

  it("gives slope 1 where the loss is the variable itself", () => {
    const x = tensor(3);
    const { value, gradients } = onEngine(() => valueAndGradients([x], () => x));
    expect([value, gradients[0]?.toArray()]).toEqual([3, 1]);
  });

  it("gives a variable that is named twice the whole gradient twice", () => {
    const x = tensor([2]);
    const { gradients } = onEngine(() => valueAndGradients([x, x], () => sum(square(x))));
    expect(gradients.map((gradient) => gradient.toArray())).toEqual([[4], [4]]);
  });

  it("takes a loss of shape [1] or [1, 1] as one number", () => {
    const x = tensor([2]);
    for (const shape of [[1], [1, 1]]) {
      const { value, gradients } = onEngine(() => valueAndGradients([x], () => reshape(square(x), shape)));
      expect([value, gradients[0]?.toArray()]).toEqual([4, [4]]);
    }
  });

  it("without variables gives the value alone", () => {
    expect(onEngine(() => valueAndGradients([], () => sum([1, 2])))).toEqual({ value: 3, gradients: [] });
  });

  it("computes a parameter's step on the parameter's engine, whatever the current one is", () => {
    const w = parameterOf([3, 4], engine);
    let used: unknown;
    const other = create();
    const { gradients } = withEngine(other, () =>
      valueAndGradients([w], () => {
        used = currentScope()?.engine;
        return sum(square(w));
      }),
    );
    expect(used).toBe(engine);
    expect(gradients[0]?.toArray()).toEqual([6, 8]);
  });

  it("mixes parameters of different engines, and the gradient of each is its own", () => {
    const [mine, others] = [parameterOf([1, 2], engine), parameterOf([3, 4], create())];
    const { value, gradients } = valueAndGradients([mine, others], () => sum(multiply(mine, others)));
    expect(value).toBe(11);
    expect(gradients.map((gradient) => gradient.toArray())).toEqual([
      [3, 4],
      [1, 2],
    ]);
  });

  it("inside another call treats the outer's variables as constants, and the outer goes on undisturbed", () => {
    const x = tensor([1, 2]);
    const outer = onEngine(() =>
      valueAndGradients([x], () => {
        const squared = square(x);
        const inner = valueAndGradients([x], () => sum(multiply(squared, x)));
        expect(inner.gradients[0]?.toArray()).toEqual([1, 4]);
        return add(sum(squared), scale(sum(x), inner.value));
      }),
    );
    expect(outer.value).toBe(1 + 4 + 3 * 9);
    expect(outer.gradients[0]?.toArray()).toEqual([2 + 9, 4 + 9]);
  });

  it("reads a parameter's packed form anew after every write", () => {
    const weight = new Parameter(engine, "weight", [1, 2], () => [1, 2]);
    const outputs = [
      [1, 2],
      [30, 40],
      [5, 6],
    ].map((values, index) => {
      if (index > 0) weight.write(tensor([values]));
      return valueAndGradients([weight], () => sum(linear(tensor([[1, 1]]), weight, tensor([0])))).value;
    });
    expect(outputs).toEqual([3, 70, 11]);
  });

  it("refuses a loss that is more or less than one number, and says what to do", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const message = "loss: expected one number, received [2, 2]; take its `mean` or `sum`.";
    expect(() => valueAndGradients([x], () => square(x))).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
    expect(() => valueAndGradients([x], () => undefined as unknown as Tensor)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message: "loss: expected one number, received undefined; take its `mean` or `sum`.",
      }),
    );
  });

  it("refuses a loss that returns a promise, and says so", async () => {
    const x = tensor([1, 2]);
    const pending = Promise.resolve(sum(x)) as unknown as Tensor;
    const message = "the function must be synchronous, received a promise; await what it needs before the call.";
    expect(() => valueAndGradients([x], () => pending)).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
    expect(() => evaluate(() => pending)).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
    await pending;
  });

  it("closes its scope when the loss throws: the error comes out as it is, and the next call works", () => {
    const x = tensor([1, 2]);
    const failure = new Error("my own");
    let leaked: Tensor | undefined;
    const failing = () =>
      valueAndGradients([x], () => {
        leaked = square(x);
        throw failure;
      });
    expect(failing).toThrow(failure);
    expect(currentScope()).toBeUndefined();
    expect(() => leaked?.data).toThrow(expect.objectContaining({ code: "UNROLLED_TENSOR_EXPIRED", message: EXPIRED }));
    expect(valueAndGradients([x], () => sum(square(x))).gradients[0]?.toArray()).toEqual([2, 4]);
  });

  it("takes all memory of a step back: after 100 steps there is as much as after 2, thrown or not", () => {
    const w = parameterOf(Array(5000).fill(1), engine);
    const step = (index: number) => {
      try {
        valueAndGradients([w], () => {
          const y = Array.from({ length: 20 }).reduce<Tensor>((before) => multiply(before, w), square(w));
          if (index % 3 === 2) throw new Error("broken off");
          return mean(y);
        });
      } catch {}
    };
    for (let index = 0; index < 2; index++) step(index);
    const [used, bytes] = [engine.allocator.used, engine.memory.elements.byteLength];
    for (let index = 0; index < 100; index++) step(index);
    expect([engine.allocator.used, engine.memory.elements.byteLength]).toEqual([used, bytes]);
  });
});

describe("evaluate", () => {
  it("copies results out: alone, in arrays and in records, and leaves everything else as it is", () => {
    const date = new Date(0);
    const result = evaluate(() => ({
      a: square([1, 2]),
      list: [square([3]), 4],
      text: "five",
      date,
      none: undefined,
      nil: null,
    }));
    expect(result.a.toArray()).toEqual([1, 4]);
    expect((result.list[0] as Tensor).toArray()).toEqual([9]);
    expect(result).toMatchObject({ list: [expect.any(Tensor), 4], text: "five", none: undefined, nil: null });
    expect(result.date).toBe(date);
  });

  it("gives copies that later work does not change", () => {
    const result = evaluate(() => square([1, 2]));
    evaluate(() => square([7, 8]));
    expect(result.toArray()).toEqual([1, 4]);
  });

  it("ends the tensors that were computed along the way", () => {
    let leaked: Tensor | undefined;
    evaluate(() => {
      leaked = square([1, 2]);
      expect(leaked.toArray()).toEqual([1, 4]);
    });
    const expired = expect.objectContaining({ code: "UNROLLED_TENSOR_EXPIRED", message: EXPIRED });
    expect(() => leaked?.data).toThrow(expired);
    expect(() => leaked?.toArray()).toThrow(expired);
    expect(() => square(leaked as Tensor)).toThrow(expired);
    expect(() => evaluate(() => add(leaked as Tensor, 1))).toThrow(expired);
    expect(leaked?.shape).toEqual([2]);
  });

  it("records nothing: what is computed in it is a constant for the call around it", () => {
    const x = tensor([1, 2]);
    const { value, gradients } = valueAndGradients([x], () =>
      sum(
        multiply(
          x,
          evaluate(() => square(x)),
        ),
      ),
    );
    expect(value).toBe(9);
    expect(gradients[0]?.toArray()).toEqual([1, 4]);
  });

  it("nested: the inner's results end with the inner, the outer's live on", () => {
    evaluate(() => {
      const outer = square([2, 3]);
      let inner: Tensor | undefined;
      evaluate(() => {
        inner = add(outer, 1);
        expect(inner.toArray()).toEqual([5, 10]);
      });
      expect(() => inner?.data).toThrow(expect.objectContaining({ code: "UNROLLED_TENSOR_EXPIRED" }));
      expect(outer.toArray()).toEqual([4, 9]);
    });
  });

  it.each(wasmEngines)("nested with the $name engine inside of another: each works on its own memory", ({ create }) => {
    const x = evaluate(() => {
      const outer = square([2, 3]);
      const inner = withEngine(create(), () => evaluate(() => add(outer, 1)));
      return add(outer, inner);
    });
    expect(x.toArray()).toEqual([9, 19]);
  });
});
