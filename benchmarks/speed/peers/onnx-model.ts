import { mulberry32 } from "../batch.js";
import type { CellKind, Job } from "../workload.js";

/**
 * A job's network as a file of ONNX (https://onnx.ai, opset 14), written by hand so that it takes no Python: recurrent layers,
 * then a dense layer for the part "network". Input `x: [T, B, I]`; a stream's step takes `h` and `c` besides and gives `nextH`
 * and `nextC`.
 */
export function onnxModel({ workload, mode, part }: Job): Uint8Array {
  const { kind, batch, time, inputSize, units, layers, classes } = workload;
  const gates = { LSTM: 4, GRU: 3, RNN: 1 }[kind];
  const nodes: Uint8Array[] = [];
  const weights: Uint8Array[] = [integers("timeAxis", [1])];
  const random = mulberry32(1);
  const weight = (name: string, shape: readonly number[]) => {
    const scale = 2 / Math.sqrt(units);
    const size = shape.reduce((product, length) => product * length, 1);
    weights.push(
      floats(
        name,
        shape,
        Float32Array.from({ length: size }, () => (random() - 0.5) * scale),
      ),
    );
    return name;
  };

  let output = "x";
  for (let layer = 0; layer < layers; layer++) {
    const inputs = [
      output,
      weight(`W${layer}`, [1, gates * units, layer === 0 ? inputSize : units]),
      weight(`R${layer}`, [1, gates * units, units]),
      weight(`B${layer}`, [1, 2 * gates * units]),
      ...(mode === "step" ? ["", "h", "c"] : []),
    ];
    const outputs = mode === "step" ? [`Y${layer}`, "nextH", "nextC"] : [`Y${layer}`];
    nodes.push(node(kind, inputs, outputs, attributesOf(kind, units)));
    output = `h${layer}`;
    nodes.push(node("Squeeze", [`Y${layer}`, "timeAxis"], [output]));
  }
  if (part === "network") {
    nodes.push(node("MatMul", [output, weight("V", [units, classes])], ["products"]));
    nodes.push(node("Add", ["products", weight("bias", [classes])], ["logits"]));
    output = "logits";
  }

  const state = [1, batch, units];
  const inputs = [port("x", [time, batch, inputSize])];
  const outputs = [port(output, [time, batch, part === "network" ? classes : units])];
  if (mode === "step") {
    inputs.push(port("h", state), port("c", state));
    outputs.push(port("nextH", state), port("nextC", state));
  }
  return message(
    field(1, 7), // version of the format
    field(8, message(field(2, 14))), // opset
    field(
      7,
      message(
        ...nodes.map((each) => field(1, each)),
        field(2, "network"),
        ...weights.map((each) => field(5, each)),
        ...inputs.map((each) => field(11, each)),
        ...outputs.map((each) => field(12, each)),
      ),
    ),
  );
}

/** Its GRU resets after the product here, as PyTorch's and ours. */
function attributesOf(kind: CellKind, units: number): Readonly<Record<string, number>> {
  return { hidden_size: units, ...(kind === "GRU" ? { linear_before_reset: 1 } : {}) };
}

function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, number> = {},
): Uint8Array {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, type),
    ...Object.entries(attributes).map(([name, value]) => field(5, message(field(1, name), field(3, value), field(20, 2)))),
  );
}

/** An input or output of the network, of float32. */
function port(name: string, shape: readonly number[]): Uint8Array {
  const dimensions = message(...shape.map((length) => field(1, message(field(1, length)))));
  return message(field(1, name), field(2, message(field(1, message(field(1, 1), field(2, dimensions))))));
}

function floats(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  return message(
    ...shape.map((length) => field(1, length)),
    field(2, 1),
    field(8, name),
    field(9, new Uint8Array(values.buffer)),
  );
}

function integers(name: string, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return message(field(1, values.length), field(2, 7), field(8, name), field(9, bytes));
}

/** A field of the protocol buffers format: a whole number, or bytes behind their length. */
function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") return message(varint(number * 8), varint(value));
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return message(varint(number * 8 + 2), varint(bytes.length), bytes);
}

/** Seven bits a byte, lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

function message(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
