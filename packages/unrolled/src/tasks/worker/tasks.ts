import { trainForPage } from "../language-model/train-for-page.js";
import type { Page } from "./page-calls.js";

/** Trains, and gives the files of the model. */
type Train = (data: never, options: never, page: Page) => Promise<Map<string, Uint8Array>>;

/** The tasks that a worker can be asked for, by the `task` of their models. */
export const tasks: Readonly<Record<string, Train>> = { "language-model": trainForPage };
