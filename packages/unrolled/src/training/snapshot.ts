import { UnrolledError } from "../errors.js";
import type { LayerState } from "../layers/layer.js";
import type { Network } from "../layers/network.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { Checkpoint } from "./checkpoint.js";
import type { EarlyStopping } from "./early-stopping.js";
import type { Objective } from "./objective.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { TrainingPosition } from "./position.js";
import type { WeightAverage } from "./weight-average.js";

/** Everything with tensors that the steps to come depend on. */
export interface TrainingParts {
  readonly network: Network;
  readonly optimizer: Optimizer;
  readonly objective: Objective;
  readonly average: WeightAverage | undefined;
  readonly stopping: EarlyStopping | undefined;
}

/** Copies of all tensors, and the counts that go with them. */
export function takeSnapshot({ network, optimizer, objective, average, stopping }: TrainingParts): {
  tensors: Map<string, Tensor>;
  counts: Pick<TrainingPosition, "draws" | "updates" | "sequences">;
} {
  const { parameters } = network;
  const { states, sequences } = objective.carried;
  const weights = (kind: string, values: readonly Tensor[]) =>
    values.map((value, index): [string, Tensor] => [tensorName(kind, index, parameters[index]?.name ?? ""), value]);
  const kept = parameters.flatMap((parameter, index) =>
    Array.from(optimizer.read(parameter), ([name, values]): [string, Tensor] => [tensorName("optimizer", index, name), values]),
  );
  const carried = states.flatMap((state, index) =>
    Object.entries(state).map(([name, values]): [string, Tensor] => [tensorName("state", index, name), values]),
  );
  const tensors = [
    ...weights(
      "weight",
      parameters.map((parameter) => parameter.read()),
    ),
    ...weights("average", average?.read() ?? []),
    ...weights("best", stopping?.bestWeights?.read() ?? []),
    ...kept,
    ...carried,
  ];
  const draws = network.randomStreams.map(({ counter }) => counter);
  const updates = parameters.map((parameter) => optimizer.updatesOf(parameter));
  return { tensors: new Map(tensors), counts: { draws, updates, sequences } };
}

/**
 * Sets all tensors and counters to what they were. All is checked before anything changes.
 *
 * @throws {UnrolledError} `UNROLLED_STATE_DICT` where the tensors are not those of such a training.
 */
export function restoreSnapshot(parts: TrainingParts, { position, tensors }: Checkpoint): void {
  const { network, optimizer, objective, average, stopping } = parts;
  const problems: string[] = [];
  const take = (kind: string, index: number, part: string, shape: Shape): Tensor => {
    const name = tensorName(kind, index, part);
    const found = tensors.get(name);
    if (found && sameShape(found.shape, shape)) return found;
    problems.push(
      `${name} must be ${formatShape(shape)}, ${found ? `received ${formatShape(found.shape)}` : "but it is missing"}`,
    );
    return Tensor.owning(new Float32Array(0), [0]);
  };
  const weights = (kind: string) => network.parameters.map(({ name, shape }, index) => take(kind, index, name, shape));

  const own = weights("weight");
  const kept = network.parameters.map(({ shape }, index) => {
    return new Map(optimizer.slotNames.map((name) => [name, take("optimizer", index, name, shape)]));
  });
  const states = network.recurrentLayers.map((layer, index) => {
    const shapeOf = (name: string) => [layer.layers * layer.directions, position.sequences, layer.stateSize(name)];
    return Object.fromEntries(layer.states.map((name) => [name, take("state", index, name, shapeOf(name))])) as LayerState;
  });
  const averaged = average ? weights("average") : [];
  const best = position.stopping && stopping?.keepsWeights(position.stopping) ? weights("best") : [];
  if (problems.length > 0) {
    throw new UnrolledError("UNROLLED_STATE_DICT", `checkpoint: it doesn't fit this network: ${problems.join("; ")}.`);
  }

  for (const [index, parameter] of network.parameters.entries()) {
    parameter.write(own[index] as Tensor);
    optimizer.write(parameter, kept[index] ?? new Map(), position.updates[index] ?? 0);
  }
  objective.carried = { states, sequences: position.sequences };
  for (const [index, stream] of network.randomStreams.entries()) stream.counter = position.draws[index] ?? 0;
  average?.write(averaged);
  if (position.stopping) stopping?.restore(position.stopping)?.write(best);
}

function tensorName(kind: string, index: number, part: string): string {
  return `${kind}.${index}.${part}`;
}
