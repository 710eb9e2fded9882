import type { Address } from "../../memory/memory.js";
import { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";
import { ImagePlan } from "./image-plan.js";

/**
 * Whether a window stays inside of an image, or stands out of it so far that there is an output for every `strides`-th pixel, half on each side, what is
 * odd below and to the right.
 */
export type Padding = "valid" | "same";

/** What slides over images. Height before width. */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly padding: Padding;
}

/** Images of one width, one behind another, as kernels walk over them. */
export interface WindowGroup {
  readonly images: number;
  /** Its first row in front of the window and behind it. */
  readonly from: number;
  readonly to: number;
  /** Rows that an image has, and that it gives. */
  readonly pixels: number;
  readonly outPixels: number;
  /** The sizes that kernels read, for the lines `first` to before `last` of the window (default: all). */
  geometry(first?: number, last?: number): Address;
}

/** What slides over which images, and how they lie behind it. */
export interface WindowPlan {
  readonly window: Window;
  readonly images: ImagePlan;
  readonly behind: ImagePlan;
}

/** Along one axis: places that a window takes, and how far the first stands out. None where the window is longer. */
export function placesOf(length: number, kernel: number, stride: number, padding: Padding): { count: number; before: number } {
  if (padding === "valid") return { count: Math.max(0, Math.floor((length - kernel) / stride) + 1), before: 0 };
  const count = Math.ceil(length / stride);
  return { count, before: Math.max(0, Math.floor(((count - 1) * stride + kernel - length) / 2)) };
}

/** How images lie behind a window. */
export function planBehind({ height, widths, width }: ImagePlan, { kernel, strides, padding }: Window): ImagePlan {
  const across = (length: number) => placesOf(length, kernel[1], strides[1], padding).count;
  return new ImagePlan(placesOf(height, kernel[0], strides[0], padding).count, widths.map(across), across(width));
}

/**
 * Images in front of a window and behind it, in groups that kernels walk over: of one width, and of so many that they give about `most` rows, one at least. So
 * groups are the same however many threads there are.
 */
export function windowGroups(
  scope: Scope,
  { images, behind, window }: WindowPlan,
  channels: number,
  most = Number.POSITIVE_INFINITY,
): WindowGroup[] {
  const { kernel, strides, padding } = window;
  const { height } = images;
  const top = placesOf(height, kernel[0], strides[0], padding).before;
  return images.runs.flatMap(({ first, images: count, width }) => {
    const outWidth = behind.widths[first] as number;
    const left = placesOf(width, kernel[1], strides[1], padding).before;
    const known = new Map<number, Address>();
    // some of the window's lines are a window of their own, which begins so many lines further down
    const geometry = (line = 0, last = kernel[0]): Address => {
      const key = line * kernel[0] + last;
      const sizes = [height, width, channels, last - line, kernel[1], ...strides, top - line, left, behind.height, outWidth];
      const address = known.get(key) ?? scope.useIndices(Tensor.owning(Int32Array.from(sizes), [sizes.length])).address;
      known.set(key, address);
      return address;
    };
    geometry();
    const [pixels, outPixels] = [height * width, behind.height * outWidth];
    const each = Math.max(1, Math.floor(Math.min(most / outPixels, count)));
    return Array.from({ length: Math.ceil(count / each) }, (_, group): WindowGroup => {
      const begin = first + group * each;
      const [from, to] = [images.offsets[begin] as number, behind.offsets[begin] as number];
      return { images: Math.min(each, first + count - begin), from, to, pixels, outPixels, geometry };
    });
  });
}
