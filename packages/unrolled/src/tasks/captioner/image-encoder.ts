import { conv2d } from "../../layers/conv2d.js";
import { dense } from "../../layers/dense.js";
import { dropout } from "../../layers/dropout.js";
import { imageColumns } from "../../layers/image-reading.js";
import { maxPooling2d } from "../../layers/max-pooling2d.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import type { Seed } from "../../tensor/random.js";
import { layerOf } from "../cell-name.js";
import type { EncoderArchitecture } from "./forms/form.js";

/** What reads pictures. */
export interface ImageArchitecture {
  /**
   * Filters of each convolution. Behind each the largest of every 2 × 2 numbers are taken, so that a region is 2 pixels wide behind the first, 4 behind
   * the second, and so on. Default: 16 and 32.
   */
  filters: readonly number[];
  /** Pixels that a filter sees, down and across. Default: 3. */
  kernelSize: number;
  /** Recurrent layers that read the regions from left to right and from right to left; 0 for none. Default: 1. */
  encoderLayers: number;
}

/**
 * Pictures of one height and any width → convolutions, each with rectifier and pooling (LeCun et al. 1998) → the columns of their map, as a sequence of
 * regions → recurrent layers in both directions (Shi et al. 2015) → what a decoder attends to, `[batch, regions, units]`, as many regions as a picture
 * is wide; one of another width gives in a batch what it gives alone.
 */
export function imageEncoder(
  { height, channels }: { readonly height: number; readonly channels: number },
  { filters, kernelSize, encoderLayers, cell, units, dropout: rate }: ImageArchitecture & EncoderArchitecture,
  seed: Seed,
): Sequential {
  const blocks = filters.flatMap((count, block) => [
    conv2d({
      ...{ filters: count, kernelSize, padding: "same", activation: "relu" },
      ...(block === 0 ? { inputShape: [height, null, channels] as const } : {}),
    }),
    maxPooling2d({ padding: "same" }),
  ]);
  const reading =
    encoderLayers === 0
      ? dense({ units, activation: "tanh" })
      : layerOf[cell]({
          ...{ units: units / 2, layers: encoderLayers, bidirectional: "concat", returnSequences: true },
          dropout: encoderLayers > 1 ? rate : 0,
        });
  return sequential([...blocks, imageColumns(), dropout(rate), reading, dropout(rate)], { seed });
}

/** How many pixels wide a region is. */
export function regionWidth({ filters }: ImageArchitecture): number {
  return 2 ** filters.length;
}
