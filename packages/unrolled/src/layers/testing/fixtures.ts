import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Variable, valueAndGradients } from "../../autograd/gradients.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { sum } from "../../autograd/ops/sum.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { AttentionOptions } from "../attention.js";
import type { AttentionDecoderOptions } from "../attention-decoder.js";

/** Golden values by PyTorch in float64, as fixtures/generate.py writes them: row-major. */
interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A layer's output for x and the gradients of loss = Σ output·wOut by its weights, and by x where x is no indices. */
export interface LayerFixture {
  readonly weights: Readonly<Record<string, FixtureTensor>>;
  readonly x: FixtureTensor;
  readonly output: FixtureTensor;
  readonly lossWeights: FixtureTensor;
  readonly gradients: Readonly<Record<string, FixtureTensor>>;
}

/** A decoder's output and final states, flat, in this order. Its memory and its initial states are among the weights. */
export interface DecoderFixture extends LayerFixture {
  readonly name: string;
  readonly options: AttentionDecoderOptions;
  readonly lengths: readonly number[];
  readonly memoryLengths: readonly number[];
  /** What of the weights is no weight: `memory`, and the states' names. */
  readonly given: readonly string[];
}

/** What queries read of a memory, which is among the weights, and how much of each of its places. */
export interface AttentionFixture extends LayerFixture {
  readonly options: AttentionOptions;
  readonly lengths: readonly number[];
  readonly memoryLengths: readonly number[];
  readonly attention: FixtureTensor;
}

interface Fixtures {
  attention: readonly AttentionFixture[];
  convolution: Readonly<Record<"valid" | "strides" | "same" | "maxPooling" | "network", LayerFixture>>;
  "layer-norm": LayerFixture & { readonly epsilon: number };
  pooling: Readonly<
    Record<
      "lastStep" | "meanOverTime" | "maxOverTime" | "attentionPooling",
      LayerFixture & { readonly lengths: readonly number[] }
    >
  >;
  tied: LayerFixture;
  decoder: readonly DecoderFixture[];
}

/** The fixtures of one subject. */
export function readFixtures<S extends keyof Fixtures>(subject: S): Fixtures[S] {
  return JSON.parse(readFileSync(new URL(`../fixtures/${subject}.json`, import.meta.url), "utf8")) as Fixtures[S];
}

function tensorOf({ data, shape }: FixtureTensor): Tensor {
  return tensor(Float64Array.from(data), shape);
}

/** A fixture's weights by their names. */
export function weightsOf({ weights }: LayerFixture): Map<string, Tensor> {
  return new Map(Object.entries(weights).map(([name, values]) => [name, tensorOf(values)]));
}

interface Prepared {
  /** What the fixture has gradients of but for `x`, by name. */
  readonly variables: Readonly<Record<string, Variable>>;
  apply(x: Tensor): Tensor;
}

/**
 * Asserts a fixture's output and gradients: on the reference engine in float64 to 1e-10, on every engine of this host in float32 to 1e-5
 * (gradients: of the largest entry).
 *
 * @param prepare makes the layer, with the fixture's weights, on the engine at hand
 */
export function expectFixture(fixture: LayerFixture, prepare: () => Prepared): void {
  const exact = { name: "float64", tolerance: 1e-10, engine: referenceEngine("float64") };
  const tested = engines.map(({ name, create }) => ({ name, tolerance: 1e-5, engine: create() }));
  for (const { name, tolerance, engine } of [exact, ...tested]) {
    withEngine(engine, () => {
      const { variables, apply } = prepare();
      const x = tensorOf(fixture.x);
      const all = new Map<string, Variable>([...Object.entries(variables), ["x", x]]);
      const asked = Object.keys(fixture.gradients);
      const outputs: Tensor[] = [];
      const { gradients } = valueAndGradients(
        asked.map((key) => all.get(key) as Variable),
        () => {
          const output = apply(x);
          outputs.push(tensor(output.data, output.shape));
          return sum(multiply(output, tensorOf(fixture.lossWeights)));
        },
      );
      expectClose(outputs[0], fixture.output, tolerance, `output on ${name}`);
      for (const [index, key] of asked.entries()) {
        expectClose(gradients[index], fixture.gradients[key] as FixtureTensor, tolerance, `gradient of ${key} on ${name}`);
      }
    });
  }
}

function expectClose(actual: Tensor | undefined, { shape, data }: FixtureTensor, tolerance: number, what: string): void {
  expect(actual?.shape, what).toEqual(shape);
  const largest = Math.max(1, ...data.map(Math.abs));
  const difference = Math.max(...data.map((value, at) => Math.abs((actual?.data[at] ?? Number.POSITIVE_INFINITY) - value)));
  expect(difference / largest, what).toBeLessThan(tolerance);
}
