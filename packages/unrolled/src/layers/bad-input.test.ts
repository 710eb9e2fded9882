import { describe, expect, it } from "vitest";
import { tanh } from "../autograd/ops/tanh.js";
import type { Operand } from "../autograd/scope.js";
import { defineCell } from "../cells/own-cell.js";
import { tensor } from "../tensor/create.js";
import type { NestedNumbers, Tensor } from "../tensor/tensor.js";
import { attentionPooling } from "./attention-pooling.js";
import { gru, lstm, recurrent, rnn } from "./cells.js";
import { dense } from "./dense.js";
import { dropout, lockedDropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import type { Layer } from "./layer.js";
import { layerNorm } from "./layer-norm.js";
import { lastStep, maxOverTime, meanOverTime } from "./pooling.js";
import { repeatVector } from "./repeat-vector.js";
import { residual } from "./residual.js";
import { sequential } from "./sequential.js";

interface BadInputCase {
  readonly name: string;
  readonly make: () => Layer & { apply(x: never, options?: never): unknown };
  /** Whether it takes `lengths` when applied alone. */
  readonly lengths?: false;
  /** Whether it reads any number of features. */
  readonly anySize?: true;
  /** What it reads: features, by default with time. */
  readonly reads?: "indices" | "rows";
}

const plainCell = defineCell({
  name: "plainCell",
  parameters: () => ({}),
  state: ({ units }) => ({ h: [units] }),
  step: (x) => ({ output: tanh(x), state: { h: tanh(x) } }),
});

/** Every layer that there is, on 2 sequences of 4 steps with 3 features. */
const cases: readonly BadInputCase[] = [
  { name: "rnn", make: () => rnn({ inputSize: 3, units: 2 }) },
  { name: "lstm", make: () => lstm({ inputSize: 3, units: 2 }) },
  { name: "lstm", make: () => lstm({ inputSize: 3, units: 2, projectionSize: 1, layers: 2, bidirectional: "concat" }) },
  { name: "gru", make: () => gru({ inputSize: 3, units: 2, resetAfter: false }) },
  { name: "plainCell", make: () => recurrent(plainCell, { inputSize: 3, units: 3 }) },
  { name: "dense", make: () => dense({ inputSize: 3, units: 2 }), lengths: false },
  { name: "layerNorm", make: () => layerNorm({ inputSize: 3 }), lengths: false },
  { name: "attentionPooling", make: () => attentionPooling({ inputSize: 3, units: 2 }) },
  { name: "residual", make: () => residual(dense({ inputSize: 3, units: 3 })) },
  { name: "dropout", make: () => dropout(0.5), anySize: true },
  { name: "lockedDropout", make: () => lockedDropout(0.5), anySize: true },
  { name: "lastStep", make: lastStep, anySize: true },
  { name: "meanOverTime", make: meanOverTime, anySize: true },
  { name: "maxOverTime", make: maxOverTime, anySize: true },
  { name: "repeatVector", make: () => repeatVector(2), anySize: true, reads: "rows" },
  { name: "embedding", make: () => embedding({ vocabularySize: 3, units: 2 }), lengths: false, reads: "indices" },
];

const zeros = (...shape: number[]) => tensor(new Float32Array(shape.reduce((product, length) => product * length, 1)), shape);

describe.each(cases)("$name refuses", ({ name, make, lengths, anySize, reads }) => {
  const right = reads === "indices" ? [2, 4] : reads === "rows" ? [2, 3] : [2, 4, 3];
  const apply = (x: Tensor | NestedNumbers, options?: object) => make().apply(x as never, options as never);
  const refusal = (code: string, ...parts: string[]) =>
    expect.objectContaining({ code, message: expect.stringMatching(new RegExp(parts.map(escaped).join(".*"))) });

  it("nothing that it is made for", () => {
    expect(() => apply(zeros(...right))).not.toThrow();
  });

  it.each([[], [1, 2, 4, 3]])("another rank, naming the axes that it reads: %j", (...shape) => {
    expect(() => apply(zeros(...shape))).toThrow(
      refusal("UNROLLED_SHAPE", `${name}: \`x\` must be [batch`, `received [${shape.join(", ")}]`),
    );
  });

  it("another number of features, naming it and the mend", () => {
    if (anySize || reads) return;
    const mend = "set inputSize: 5 or feed 3 features.";
    expect(() => apply(zeros(2, 4, 5))).toThrow(
      refusal("UNROLLED_SHAPE", `${name}: \`x\` must be [batch`, "received [2, 4, 5]", mend),
    );
  });

  it("no sequence, and no step", () => {
    const message = `${name}: \`x\` must have at least one sequence and one step, received`;
    expect(() => apply(zeros(0, ...right.slice(1)))).toThrow(refusal("UNROLLED_SHAPE", message));
    if (reads !== "rows") expect(() => apply(zeros(2, 0, ...right.slice(2)))).toThrow(refusal("UNROLLED_SHAPE", message));
  });

  it("lengths of 0, longer than time, too few, and not whole", () => {
    if (lengths === false || reads) return;
    for (const given of [[0, 4], [4, 5], [4], [4, 1.5], [4, Number.NaN]]) {
      expect(() => apply(zeros(...right), { lengths: given })).toThrow(refusal("UNROLLED_SHAPE", `${name}: \`lengths\` must`));
    }
  });

  it("an array whose buffer was transferred, a ragged one, and what is no number", () => {
    const array = new Float32Array(zeros(...right).size);
    const x = tensor(array, right);
    structuredClone(array, { transfer: [array.buffer] });
    expect(() => apply(x)).toThrow(refusal("UNROLLED_DTYPE", "the array's buffer is detached"));
    expect(() => apply([[1, 2, 0], [1]])).toThrow(refusal("UNROLLED_SHAPE", "pad sequences to one length"));
    for (const given of ["text", undefined, null, {}]) {
      expect(() => apply(given as never)).toThrow(refusal("UNROLLED_DTYPE", "tensor: expected numbers"));
    }
  });
});

describe("sequential refuses", () => {
  it.each<[what: string, layers: unknown, message: string]>([
    [
      "a layer alone",
      dense({ inputSize: 1, units: 1 }),
      "expected an array of layers: sequential([embedding({ … }), lstm({ … })]).",
    ],
    ["a function that makes a layer", [dense], "entry 0 must be a layer, received function; call it with its options."],
    ["a hole", [dense({ inputSize: 1, units: 1 }), undefined], "entry 1 must be a layer, received undefined."],
  ])("%s", (_what, layers, message) => {
    expect(() => sequential(layers as Layer[])).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message: `sequential: ${message}` }),
    );
  });

  it("an array of layers spread out, as one argument each", () => {
    const spread = sequential as (...layers: unknown[]) => unknown;
    expect(() => spread(dense({ inputSize: 1, units: 1 }), dense({ units: 1 }))).toThrow(
      "sequential: expected an array of layers",
    );
  });
});

it("what is in no layer's range is refused, or shows: NaN reaches the output of every layer that computes with it", () => {
  const x: Operand = tensor(new Float32Array(24).fill(Number.NaN), [2, 4, 3]);
  for (const layer of [lstm({ inputSize: 3, units: 2 }), gru({ inputSize: 3, units: 2 }), rnn({ inputSize: 3, units: 2 })]) {
    expect([...layer.apply(x).output.data].every(Number.isNaN)).toBe(true);
  }
  for (const layer of [
    dense({ inputSize: 3, units: 2 }),
    layerNorm({ inputSize: 3 }),
    attentionPooling({ inputSize: 3, units: 2 }),
  ]) {
    expect([...layer.apply(x).data].every(Number.isNaN)).toBe(true);
  }
  for (const layer of [lastStep(), meanOverTime(), maxOverTime(), residual(dense({ inputSize: 3, units: 3 }))]) {
    expect([...layer.apply(x).data].every(Number.isNaN)).toBe(true);
  }
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
