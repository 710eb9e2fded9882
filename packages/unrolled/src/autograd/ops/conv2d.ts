import type { Address } from "../../memory/memory.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";
import { viewAs } from "./broadcast.js";
import type { ImagePlan } from "./image-plan.js";
import { addWeightGradient, packed } from "./packed.js";
import { moveAxis } from "./transpose.js";
import { type Window, type WindowRun, windowRuns } from "./window.js";

/** Numbers of the patches that exist at a time: as many as the second-level cache holds beside what they are multiplied with. */
const PATCH_BLOCK = 2 ** 16;

/** How images lie in front of a convolution and behind it. */
export interface ConvolutionPlan {
  readonly window: Window;
  readonly images: ImagePlan;
  readonly behind: ImagePlan;
}

/**
 * Convolution of images, as networks call it (without mirroring): y[p, f] = b[f] + Σ over the window at p of W[f]·x, 0 standing outside of an image. Each block
 * of output pixels is a product of their patches, which never exist all at once.
 *
 * x: [rows, channels], weight: [filters, channels, kernelHeight, kernelWidth], bias: [filters] → [rows, filters].
 */
export function conv2d(scope: Scope, x: Tensor, weight: Tensor, bias: Tensor, plan: ConvolutionPlan): Tensor {
  const { kernels } = scope.engine;
  const channels = x.shape[1] as number;
  const filters = weight.shape[0] as number;
  const w = inPatchOrder(scope, weight);
  const size = w.shape[1] as number;
  const y = scope.empty([plan.behind.rows, filters]);
  const runs = windowRuns(scope, plan.images, plan.behind, plan.window, channels);
  const right = packed(scope, w, true);
  forEachPatches(scope, x, runs, size, ({ patches, rows, to }) =>
    kernels.multiplyPacked(rows, filters, size, patches, size, right, bias.address, 0, y.address + to * filters, filters),
  );
  // dW = dyᵀ·patches, dx = the patches' gradient dy·W, each number where it came from, db = Σ over rows of dy
  return scope.derive(y, [x, w, bias], (dy) => {
    if (w.tracked) {
      const dw = scope.gradientOf(w);
      forEachPatches(scope, x, runs, size, ({ patches, rows, to }) =>
        addWeightGradient(scope, rows, [filters, size], dy + to * filters, patches, dw),
      );
    }
    if (x.tracked) {
      const back = packed(scope, w, false);
      const zero = scope.zeros([size]).address;
      const dx = scope.gradientOf(x);
      forEachBlock(scope, runs, size, ({ run, first, rows, to, patches }) => {
        kernels.multiplyPacked(rows, size, filters, dy + to * filters, filters, back, zero, 0, patches, size);
        // the lines of the images that the block has patches of
        const image = Math.floor(first / run.outPixels);
        const images = Math.floor((first + rows - 1) / run.outPixels) + 1 - image;
        const height = run.lines / run.images;
        const line = image * height;
        const lineSize = run.width * channels;
        const target = dx + run.from * channels + line * lineSize;
        kernels.imagePatchesBackward(images * height, line, lineSize, rows, first, size, run.geometry, patches, target);
      });
    }
    if (bias.tracked) kernels.sumRows(plan.behind.rows, filters, dy, filters, scope.gradientOf(bias));
  });
}

/** [filters, channels, kernelHeight, kernelWidth] as [filters, kernelHeight·kernelWidth·channels], as patches lie. */
function inPatchOrder(scope: Scope, weight: Tensor): Tensor {
  const [filters, channels, height, width] = weight.shape as [number, number, number, number];
  const size = height * width;
  const ordered = viewAs(scope, weight, [filters, channels, size]);
  return viewAs(scope, size > 1 && channels > 1 ? moveAxis(scope, ordered, 2, 1) : ordered, [filters, size * channels]);
}

/** Some output pixels one behind another, and memory for their patches, [rows, size]. */
interface Block {
  readonly run: WindowRun;
  /** The first of its output pixels, counted from the run's first. */
  readonly first: number;
  readonly rows: number;
  /** The first of its output pixels among all rows. */
  readonly to: number;
  readonly patches: Address;
}

/** Output pixels block by block. A block is as long whatever the batch, so that sums over them have one order. */
function forEachBlock(scope: Scope, runs: readonly WindowRun[], size: number, work: (block: Block) => void): void {
  const most = Math.max(8, Math.floor(PATCH_BLOCK / size / 8) * 8);
  const longest = Math.max(0, ...runs.map(({ rows }) => rows));
  scope.scratch(Math.min(most, longest) * size, (patches) => {
    for (const run of runs) {
      for (let first = 0; first < run.rows; first += most) {
        work({ run, first, rows: Math.min(most, run.rows - first), to: run.to + first, patches });
      }
    }
  });
}

/** The same with the patches of x in it. */
function forEachPatches(scope: Scope, x: Tensor, runs: readonly WindowRun[], size: number, work: (block: Block) => void): void {
  const channels = x.shape[1] as number;
  forEachBlock(scope, runs, size, (block) => {
    const { run, first, rows, patches } = block;
    scope.engine.kernels.imagePatches(rows, first, size, run.geometry, x.address + run.from * channels, patches);
    work(block);
  });
}
