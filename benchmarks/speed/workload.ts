/** Recurrent cells that every peer knows. */
export type CellKind = "LSTM" | "GRU" | "RNN";

/**
 * A network and a batch for it: stacked recurrent layers, then a dense layer at every step. Its name says all of it, so that
 * adapters in any language read the same words: `LSTM B50 T50 I128 H128 L2`, or with words for input `LSTM B20 T20 E200 H200 L2
 * V10000`. With S it is a sequence to sequence network, `LSTM B64 T20 S20 E256 H256 V8000`: an embedding and a layer read the source; tanh of a dense layer
 * of the mean of its outputs gives the decoder's first states; an embedding, a layer, Luong's general attention, and a dense layer
 * write the target, teacher-forced. F1 is input feeding: each step of the decoder reads what the one before gave.
 */
export interface Workload {
  readonly name: string;
  readonly kind: CellKind;
  /** B, sequences of the batch. */
  readonly batch: number;
  /** T, steps of a sequence. */
  readonly time: number;
  /** S, steps of the source of a sequence to sequence network; 0 for a network of one sequence. */
  readonly source: number;
  /** Whether its decoder is fed what its step before gave (F1). */
  readonly inputFeeding: boolean;
  /** I, features of a step; E in the name where they come from an embedding of the V classes. */
  readonly inputSize: number;
  /** Whether the input are indices of an embedding (E) instead of vectors (I). */
  readonly embedded: boolean;
  /** H, hidden units of a layer. */
  readonly units: number;
  /** L, stacked layers; 1 where the name has none. */
  readonly layers: number;
  /** V, classes of the dense layer's output; 65 where the name has none. */
  readonly classes: number;
}

/** G, gates of a cell. */
const GATES: Readonly<Record<CellKind, number>> = { LSTM: 4, GRU: 3, RNN: 1 };

/** @throws {Error} where the name is no workload's. */
export function workload(name: string): Workload {
  const [kind, ...words] = name.split(" ");
  const sizes = new Map(words.map((word) => [word.charAt(0), Number(word.slice(1))]));
  const size = (letter: string, otherwise?: number) => {
    const value = sizes.get(letter) ?? otherwise;
    if (value !== undefined && Number.isSafeInteger(value) && value > 0) return value;
    throw new Error(`workload: expected ${letter} and a whole number in ${JSON.stringify(name)}.`);
  };
  const strange = words.find((word) => !/^[BTSFIEHLV]\d+$/.test(word));
  if (strange !== undefined) throw new Error(`workload: ${JSON.stringify(strange)} in ${JSON.stringify(name)} is no size.`);
  if (kind !== "LSTM" && kind !== "GRU" && kind !== "RNN") throw new Error(`workload: there is no cell ${JSON.stringify(kind)}.`);
  const embedded = sizes.has("E");
  return {
    name,
    kind,
    batch: size("B"),
    time: size("T"),
    source: sizes.has("S") ? size("S") : 0,
    inputFeeding: sizes.has("F"),
    inputSize: size(embedded ? "E" : "I"),
    embedded,
    units: size("H"),
    layers: size("L", 1),
    classes: size("V", 65),
  };
}

/** What is done with a workload: a training step, a forward pass without gradients, or one step of a stream. */
export type Mode = "train" | "infer" | "step";

export const modes: readonly Mode[] = ["train", "infer", "step"];

/**
 * How much of a workload: all of its network, or the recurrent layers alone, without embedding, dense layer, loss and optimizer.
 */
export type Part = "network" | "layer";

/** What a contestant is prepared for. */
export interface Job {
  readonly workload: Workload;
  readonly mode: Mode;
  readonly part: Part;
}

/**
 * Floating-point operations of a job, counted as is usual: those of the matrix products, a multiplication and an addition being
 * two; for training 3 × those of the forward pass, since the backward pass has two products for each.
 */
export function operations({ workload, mode, part }: Job): number {
  const { kind, batch, time, source, inputFeeding, inputSize, units, layers, classes } = workload;
  const rows = batch * time;
  const gates = GATES[kind];
  const firstLayer = 2 * rows * gates * units * (inputSize + units);
  const otherLayers = 2 * rows * gates * units * (units + units) * (layers - 1);
  const output = part === "network" ? 2 * rows * units * classes : 0;
  const encoder = (source / time) * (firstLayer + otherLayers) + (source > 0 ? 2 * batch * units * 2 * units : 0);
  const attention = source > 0 ? 2 * rows * units * (units + 2 * source + 2 * units) : 0;
  const feeding = inputFeeding ? 2 * rows * gates * units * units : 0;
  return (mode === "train" ? 3 : 1) * (encoder + firstLayer + otherLayers + attention + feeding + output);
}
