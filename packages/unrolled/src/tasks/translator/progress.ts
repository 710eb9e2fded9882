import type { TaskProgress } from "../progress.js";

/** What can be asked for an answer while it is trained. */
export interface Answering {
  /** The likeliest answer to a text, token by token. */
  answer(source: string): string;
}

/** Where the training of a translator is, after every optimizer step. Losses are nats per token of the targets. */
export interface TranslatorProgress extends TaskProgress {
  /** As trained so far. */
  model: Answering;
}
