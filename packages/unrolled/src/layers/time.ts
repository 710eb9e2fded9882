import { Attention } from "./attention.js";
import { AttentionDecoder } from "./attention-decoder.js";
import { AttentionPooling } from "./attention-pooling.js";
import type { ImageExtent } from "./image-extent.js";
import { ImageLayer } from "./image-layer.js";
import { ImageReading } from "./image-reading.js";
import type { Layer } from "./layer.js";
import { Pooling } from "./pooling.js";
import { Recurrent } from "./recurrent.js";
import { RepeatVector } from "./repeat-vector.js";
import { WordCharacters } from "./word-characters.js";

/** Whether there is time behind a layer, where there is or isn't before it; undefined where that depends on the input. */
export function timeBehind(layer: Layer, before: boolean | undefined): boolean | undefined {
  if (layer instanceof Recurrent) return layer.returnSequences;
  if (layer instanceof Pooling || layer instanceof AttentionPooling) return false;
  if (layer instanceof ImageReading) return layer.kind === "imageColumns";
  if (layer instanceof ImageLayer) return false;
  if (layer instanceof RepeatVector) return true;
  return before;
}

/** How large the images are behind a layer, given those before it; undefined where there are none. */
export function imagesBehind(layer: Layer, before: ImageExtent | undefined): ImageExtent | undefined {
  if (layer instanceof ImageLayer) return layer.extentBehind;
  return layer instanceof ImageReading ? undefined : before;
}

/** Whether the input of a network that begins with this layer has time; undefined where it may or may not. */
export function timeInFrontOf({ input }: Layer): boolean | undefined {
  return input.kind === "features" && input.time === "required" ? true : undefined;
}

/** The last of some layers behind which there is no time, where time doesn't begin again behind it. */
export function endOfTime(layers: readonly Layer[]): Layer | undefined {
  const last = layers.findLastIndex((layer) => timeBehind(layer, true) === false);
  return layers.slice(last + 1).some((layer) => timeBehind(layer, false) === true) ? undefined : layers[last];
}

/** Whether a layer's output for a step needs the steps after it, or a step is more than one row, in or out. */
export function needsWholeSequences(layer: Layer): boolean {
  if (layer instanceof Pooling) return layer.kind !== "lastStep";
  if (layer instanceof AttentionDecoder || layer instanceof Attention || layer instanceof ImageLayer) return true;
  return layer instanceof AttentionPooling || layer instanceof WordCharacters || layer instanceof RepeatVector;
}
