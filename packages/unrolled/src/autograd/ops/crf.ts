import { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";

/** How the steps of a batch's sequences lie: step t of the sequence at a place, one of `batch`, is row offsets[t] + place. */
export interface SequenceRows {
  readonly batch: number;
  /** Rows in all. */
  readonly rows: number;
  /** Steps of the sequence at each place. */
  readonly lengths: Int32Array;
  readonly offsets: Int32Array;
}

/** What a linear-chain conditional random field scores besides the emissions. */
export interface CrfScores {
  /** [tags, tags], from the row's tag to the column's */
  readonly transitions: Tensor;
  /** [tags], of the first step's tag */
  readonly starts: Tensor;
  /** [tags], of the last step's tag */
  readonly ends: Tensor;
}

/**
 * −log p(targets | emissions) of each sequence, in nats, in a linear-chain conditional random field (Lafferty et al. 2001): the formula
 * stands at the kernel's reference. Infinity, and no gradient, where scores of −∞ rule the targets out.
 *
 * emissions: [rows, tags], targets: [rows], whole numbers below tags → [batch], by the sequences' places.
 */
export function crfLosses(scope: Scope, emissions: Tensor, targets: Tensor, scores: CrfScores, plan: SequenceRows): Tensor {
  const { engine } = scope;
  const { kernels } = engine;
  const { transitions, starts, ends } = scores;
  const tags = emissions.shape[1] as number;
  const offsets = addressOf(scope, plan.offsets);
  const gold = scope.useIndices(targets).address;
  const sequences = Array.from({ length: plan.batch }, (_, place) => {
    const time = plan.lengths[place] as number;
    const workspace = scope.empty([kernels.crfWorkspaceLength(time, tags)]).address;
    const loss = kernels.crfForward(
      ...([time, tags, place, offsets, emissions.address, gold] as const),
      ...([transitions.address, starts.address, ends.address, workspace] as const),
    );
    return { time, place, workspace, loss };
  });
  const losses = scope.empty([plan.batch]);
  engine.write(
    sequences.map(({ loss }) => loss),
    losses.address,
  );
  const inputs = [emissions, transitions, starts, ends];
  // demissions = dloss (p_t(j) − [j = target]), dtransitions = dloss Σ_t (p_t(i → j) − [i → j in the targets]), and so on
  return scope.derive(losses, inputs, (dLosses) => {
    // the kernel computes all four together; what isn't asked for is thrown away
    const slopes = inputs.map((input) => scope.gradientOf(input) || scope.zeros(input.shape).address) as Four;
    for (const { time, place, workspace, loss } of sequences) {
      if (loss === Number.POSITIVE_INFINITY) continue;
      const slope = engine.readNumber(dLosses + place);
      kernels.crfBackward(
        ...([time, tags, place, slope, offsets, emissions.address, gold] as const),
        ...([transitions.address, ends.address, workspace, ...slopes] as const),
      );
    }
  });
}

type Four = [number, number, number, number];

/** The most probable tags of each sequence as a whole (Viterbi 1967), the lowest of equal ones. emissions: [rows, tags] → [rows]. */
export function crfPaths(scope: Scope, emissions: Tensor, scores: CrfScores, plan: SequenceRows): Tensor {
  const { kernels } = scope.engine;
  const { transitions, starts, ends } = scores;
  const tags = emissions.shape[1] as number;
  const offsets = addressOf(scope, plan.offsets);
  const path = scope.empty([plan.rows], "int32");
  for (let place = 0; place < plan.batch; place++) {
    const time = plan.lengths[place] as number;
    scope.scratch(kernels.crfWorkspaceLength(time, tags), (workspace) =>
      kernels.crfDecode(
        ...([time, tags, place, offsets, emissions.address] as const),
        ...([transitions.address, starts.address, ends.address, workspace, path.address] as const),
      ),
    );
  }
  return path;
}

/** p_t(tag | emissions), the probability of each tag at each step, whatever the others are, without a derivative. → [rows, tags] */
export function crfMarginals(scope: Scope, emissions: Tensor, scores: CrfScores, plan: SequenceRows): Tensor {
  const { kernels } = scope.engine;
  const { transitions, starts, ends } = scores;
  const tags = emissions.shape[1] as number;
  const offsets = addressOf(scope, plan.offsets);
  // the slope of the loss of any targets that are possible is p − [targets]; so the targets themselves are what it is added to
  const targets = crfPaths(scope, emissions, scores, plan);
  const marginals = oneHot(scope, targets, tags);
  const others = [transitions, starts, ends].map(({ shape }) => scope.empty(shape).address) as [number, number, number];
  for (let place = 0; place < plan.batch; place++) {
    const time = plan.lengths[place] as number;
    scope.scratch(kernels.crfWorkspaceLength(time, tags), (workspace) => {
      const given = [offsets, emissions.address, targets.address, transitions.address] as const;
      kernels.crfForward(time, tags, place, ...given, starts.address, ends.address, workspace);
      kernels.crfBackward(time, tags, place, 1, ...given, ends.address, workspace, marginals.address, ...others);
    });
  }
  return marginals;
}

/** 1 at each row's class, else 0. classes: [rows] → [rows, columns] */
export function oneHot(scope: Scope, classes: Tensor, columns: number): Tensor {
  const data = new Float32Array(classes.size * columns);
  for (const [row, column] of classes.data.entries()) data[row * columns + column] = 1;
  return scope.use(Tensor.owning(data, [classes.size, columns]));
}

function addressOf(scope: Scope, indices: Int32Array): number {
  return scope.useIndices(Tensor.owning(indices, [indices.length])).address;
}
