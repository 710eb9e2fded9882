import { PRODUCT_SPEED } from "../../engine/threads/splits.js";
import type { Commands } from "../../engine/threads/threads.js";
import type { Address } from "../../memory/memory.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";
import { viewAs } from "./broadcast.js";
import { packed } from "./packed.js";
import { moveAxis } from "./transpose.js";
import { type WindowGroup, type WindowPlan, windowGroups } from "./window.js";

/** Numbers of the patches that a thread has at a time: as many as the second-level cache holds beside what they are multiplied with. */
const PATCH_BLOCK = 2 ** 16;

/**
 * Convolution of images, as networks call it (without mirroring): y[p, f] = b[f] + Σ over the window at p of W[f]·x, 0 standing outside of an image. Each block
 * of output pixels is a product of their patches, which never exist all at once.
 *
 * x: [rows, channels], weight: [filters, channels, kernelHeight, kernelWidth], bias: [filters] → [rows, filters].
 */
export function conv2d(scope: Scope, x: Tensor, weight: Tensor, bias: Tensor, plan: WindowPlan): Tensor {
  const { kernels } = scope.engine;
  const channels = x.shape[1] as number;
  const filters = weight.shape[0] as number;
  const w = inPatchOrder(scope, weight);
  const size = w.shape[1] as number;
  const y = scope.empty([plan.behind.rows, filters]);
  const most = Math.max(8, Math.floor(PATCH_BLOCK / size));
  const blocks = { groups: windowGroups(scope, plan, channels, most), most, size, filters };
  const right = packed(scope, w, true);
  divideGroups(scope, blocks, (commands, { group, first, rows, patches }) => {
    commands.imagePatches(rows, first, size, group.geometry(), x.address + group.from * channels, patches);
    const target = y.address + (group.to + first) * filters;
    commands.multiplyPacked(rows, filters, size, patches, size, right, bias.address, 0, target, filters);
  });
  // dW = dyᵀ·patches, dx = the patches' gradient dy·W, each number where it came from, db = Σ over rows of dy
  return scope.derive(y, [x, w, bias], (dy) => {
    if (w.tracked) addKernelGradient(scope, x, dy, scope.gradientOf(w), plan, blocks);
    if (x.tracked) {
      const back = packed(scope, w, false);
      const zero = scope.zeros([size]).address;
      const dx = scope.gradientOf(x);
      divideGroups(scope, blocks, (commands, { group, first, rows, patches }) => {
        const slopes = dy + (group.to + first) * filters;
        commands.multiplyPacked(rows, size, filters, slopes, filters, back, zero, 0, patches, size);
        commands.imagePatchesBackward(rows, first, size, group.geometry(), patches, dx + group.from * channels);
      });
    }
    if (bias.tracked) kernels.sumRows(plan.behind.rows, filters, dy, filters, scope.gradientOf(bias));
  });
}

/** [filters, channels, kernelHeight, kernelWidth] as [filters, kernelHeight·kernelWidth·channels], as patches lie. */
function inPatchOrder(scope: Scope, weight: Tensor): Tensor {
  const [filters, channels, height, width] = weight.shape as [number, number, number, number];
  const pixels = height * width;
  return viewAs(scope, moveAxis(scope, viewAs(scope, weight, [filters, channels, pixels]), 2, 1), [filters, pixels * channels]);
}

/** How the output pixels are walked over. */
interface Blocks {
  readonly groups: readonly WindowGroup[];
  /** Output pixels of a block at most. */
  readonly most: number;
  /** Numbers of a patch. */
  readonly size: number;
  readonly filters: number;
}

/** Some output pixels of a group one behind another, and memory for their patches, [rows, size]. */
interface Block {
  readonly group: WindowGroup;
  /** The first of its output pixels, counted from the group's first. */
  readonly first: number;
  readonly rows: number;
  readonly patches: Address;
}

type Work = (commands: Commands, block: Block) => void;

/** Block by block, with groups divided among threads: no two of them have an image in common. */
function divideGroups(scope: Scope, blocks: Blocks, work: Work): void {
  const { groups, size } = blocks;
  const { threads } = scope.engine;
  const parts = Math.min(threads.countFor(costOf(blocks)), groups.length);
  const length = longestBlock(blocks) * size;
  scope.scratch(parts * length, (patches) =>
    threads.run(parts, Math.ceil(groups.length / parts), (commands, part, turn) => {
      const group = groups[turn * parts + part];
      if (group) forEachBlock(group, blocks, patches + part * length, (block) => work(commands, block));
    }),
  );
}

/**
 * dW += dyᵀ·patches. Threads take lines of the window, each with the patches of these lines alone, so that each of dW's numbers is one sum over all rows,
 * whatever their number.
 */
function addKernelGradient(scope: Scope, x: Tensor, dy: Address, dw: Address, { window }: WindowPlan, blocks: Blocks): void {
  const { threads, kernels } = scope.engine;
  const { groups, size, filters } = blocks;
  const channels = x.shape[1] as number;
  const [lines] = window.kernel;
  const lineSize = size / lines;
  const parts = Math.min(threads.countFor(costOf(blocks)), lines);
  const longest = longestBlock(blocks);
  const firstLine = (part: number) => Math.round((lines * part) / parts);
  for (const group of groups) for (let part = 0; part < parts; part++) group.geometry(firstLine(part), firstLine(part + 1));
  const products = kernels.transposedScratchLength(filters, size, longest);
  scope.scratch(parts * (longest * size + products), (memory) =>
    threads.run(parts, groups.length, (commands, part, turn) => {
      const [line, last] = [firstLine(part), firstLine(part + 1)];
      const own = (last - line) * lineSize;
      const patches = memory + part * (longest * size + products);
      forEachBlock(groups[turn] as WindowGroup, blocks, patches, ({ group, first, rows }) => {
        commands.imagePatches(rows, first, own, group.geometry(line, last), x.address + group.from * channels, patches);
        const slopes = dy + (group.to + first) * filters;
        const target = dw + line * lineSize;
        commands.multiplyTransposed(filters, own, rows, slopes, filters, patches, own, target, size, patches + longest * size);
      });
    }),
  );
}

function forEachBlock(group: WindowGroup, { most }: Blocks, patches: Address, work: (block: Block) => void): void {
  const all = group.images * group.outPixels;
  for (let first = 0; first < all; first += most) work({ group, first, rows: Math.min(most, all - first), patches });
}

function longestBlock({ groups, most }: Blocks): number {
  return Math.max(0, ...groups.map(({ images, outPixels }) => Math.min(most, images * outPixels)));
}

/** About how many nanoseconds it takes. */
function costOf({ groups, size, filters }: Blocks): number {
  const rows = groups.reduce((sum, { images, outPixels }) => sum + images * outPixels, 0);
  return (rows * size * filters) / PRODUCT_SPEED;
}
