import type { TaskProgress } from "../progress.js";
import type { CaptionerInput } from "./examples.js";

/** What can be asked for a text while it is trained. */
export interface Captioning {
  /** The likeliest text about an input, token by token. */
  answer(input: CaptionerInput): string;
}

/** Where the training of a captioner is, after every optimizer step. Losses are nats per token of the texts. */
export interface CaptionerProgress extends TaskProgress {
  /** As trained so far. */
  model: Captioning;
}
