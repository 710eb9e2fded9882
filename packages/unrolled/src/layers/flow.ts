import { viewAs } from "../autograd/ops/broadcast.js";
import { checkIndices } from "../autograd/ops/gather.js";
import type { ImagePlan } from "../autograd/ops/image-plan.js";
import { placeRows, selectRows } from "../autograd/ops/rows.js";
import { moveAxis } from "../autograd/ops/transpose.js";
import type { Scope } from "../autograd/scope.js";
import { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { imagesFromRows, imagesToRows } from "./image-rows.js";

/**
 * What flows from layer to layer: rows of features, [rows, features], or indices, [rows]. Where there is time, the plan tells which
 * row is which step; where there are images, each row is a pixel, and their plan tells which. The outside's batch-first order is left at the first
 * layer and restored after the last.
 */
export interface Flow {
  readonly rows: Tensor;
  readonly plan?: SequencePlan;
  readonly images?: ImagePlan;
}

/**
 * What a layer reads: numbers with `features` on the last axis, indices below `bound`, words with their characters, each a word's index below
 * `words` followed by those of its characters, from 1 to `characters`, and zeros, or images.
 */
export type InputKind =
  | { readonly kind: "features"; readonly size: number; readonly option: string; readonly time: "required" | "optional" }
  | { readonly kind: "indices"; readonly bound: number }
  | { readonly kind: "words"; readonly words: number; readonly characters: number }
  | { readonly kind: "images"; readonly height: number; readonly width: number | null; readonly channels: number };

type RowInput = Exclude<InputKind, { kind: "images" }>;

/**
 * From a batch-first tensor to rows.
 *
 * @param lengths steps of each sequence, or the width of each image, where they are not all of `x`'s; what stands past its end is never read
 * @throws {UnrolledError} `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where the tensor is not what the layer reads.
 */
export function toRows(scope: Scope, where: string, x: Tensor, input: InputKind, lengths?: ArrayLike<number>): Flow {
  if (input.kind === "images") return imagesToRows(scope, where, x, input, lengths);
  checkInput(where, x, input);
  const [batch, time] = x.shape as [number, number];
  const timed = x.shape.length === (input.kind === "indices" ? 2 : 3);
  if (lengths && !timed) {
    throw new UnrolledError("UNROLLED_SHAPE", `${where}: \`lengths\` need an \`x\` with time, received ${formatShape(x.shape)}.`);
  }
  const whole = timed ? SequencePlan.uniform(batch, time) : undefined;
  const plan = lengths ? SequencePlan.of(where, lengths, batch, time) : whole;
  if (input.kind === "indices") checkIndices(`${where}: x`, plan?.order ? zeroPadded(x, plan) : x.data, input.bound);
  if (input.kind === "words" && plan) checkWords(where, x, plan, input);
  const resident = input.kind === "features" ? scope.use(x) : scope.useIndices(x);
  return plan ? { rows: batchToRows(scope, resident, plan), plan } : { rows: resident };
}

/** A batch-first tensor [batch, time, …] as the rows of a plan, [rows, …]. */
export function batchToRows(scope: Scope, x: Tensor, plan: SequencePlan): Tensor {
  const features = x.shape.slice(2);
  const all = plan.batch * plan.time;
  if (plan.order) return selectRows(scope, viewAs(scope, x, [all, ...features]), plan.source);
  return viewAs(scope, moveAxis(scope, x, 1, 0), [all, ...features]);
}

/**
 * From rows back to a batch-first tensor: `[batch, time, features]`, 0 past a sequence's end, `[batch, height, width, channels]`, 0 past an image's, or
 * `[batch, features]`.
 */
export function fromRows(scope: Scope, { rows, plan, images }: Flow): Tensor {
  if (images) return imagesFromRows(scope, rows, images);
  if (!plan) return rows;
  const features = rows.shape.slice(1);
  const { batch, time } = plan;
  if (plan.order) return viewAs(scope, placeRows(scope, rows, plan.source, batch * time), [batch, time, ...features]);
  return moveAxis(scope, viewAs(scope, rows, [time, batch, ...features]), 1, 0);
}

function checkInput(where: string, x: Tensor, input: RowInput): void {
  const { shape } = x;
  const { ranks, expected } = shapesOf(input);
  if (!ranks.includes(shape.length) || (input.kind === "features" && shape.at(-1) !== input.size)) {
    const mend =
      input.kind === "features" && ranks.includes(shape.length)
        ? `; set ${input.option}: ${shape.at(-1)} or feed ${input.size} features`
        : "";
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${where}: \`x\` must be ${expected.join(" or ")}, received ${formatShape(shape)}${mend}.`,
    );
  }
  if (shape.includes(0)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${where}: \`x\` must have at least one sequence and one step, received ${formatShape(shape)}.`,
    );
  }
}

function shapesOf(input: RowInput): { ranks: readonly number[]; expected: readonly string[] } {
  if (input.kind === "indices") return { ranks: [1, 2], expected: ["[batch]", "[batch, time]"] };
  if (input.kind === "words") return { ranks: [3], expected: ["[batch, time, 1 + characters of the longest word]"] };
  const timed = `[batch, time, ${input.size}]`;
  return input.time === "optional"
    ? { ranks: [2, 3], expected: [`[batch, ${input.size}]`, timed] }
    : { ranks: [3], expected: [timed] };
}

/** Every word that is read must be one, with one character at least and nothing behind the first 0. */
function checkWords(where: string, { data, shape }: Tensor, plan: SequencePlan, input: InputKind & { kind: "words" }): void {
  const width = shape[2] as number;
  for (const place of plan.source) {
    const word = data.subarray(place * width, (place + 1) * width);
    const at = `${where}: x, sequence ${Math.floor(place / plan.time)}, word ${place % plan.time}`;
    checkIndices(at, word.subarray(0, 1), input.words);
    checkIndices(`${at}: characters`, word.subarray(1), input.characters + 1);
    const end = word.indexOf(0, 1);
    if (end === 1 || (end > 1 && word.subarray(end).some((character) => character !== 0)) || width === 1) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${at}: a word must have one character at least, each from 1 to ${input.characters}, and then nothing but zeros.`,
      );
    }
  }
}

/** Indices [batch, time] with 0 past each sequence's end, where anything may stand. */
function zeroPadded({ data }: Tensor, plan: SequencePlan): Float64Array {
  const read = new Float64Array(data.length);
  for (const position of plan.source) read[position] = data[position] as number;
  return read;
}
