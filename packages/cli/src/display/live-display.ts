import type { OutputStream } from "../host.js";
import type { Colors } from "./colors.js";
import { frame, type Sample } from "./frame.js";
import { LossCurve } from "./loss-curve.js";
import { RedrawnBlock } from "./redrawn-block.js";
import type { TrainingDisplay, TrainingProgress } from "./training-display.js";

const FRAME_EVERY_MS = 100;
const FIRST_SAMPLE_AFTER_MS = 5_000;
const SAMPLE_EVERY_MS = 15_000;
const SAMPLES_KEPT = 6;

/** A training as a block of lines that is redrawn in place, about ten times a second. */
export class LiveDisplay implements TrainingDisplay {
  readonly #stream: OutputStream;
  readonly #now: () => number;
  readonly #colors: Colors;
  readonly #block: RedrawnBlock;
  readonly #curve = new LossCurve();
  readonly #samples: Sample[] = [];
  #progress: TrainingProgress | undefined;
  #notice: string | undefined;
  #frameAt = Number.NEGATIVE_INFINITY;
  #sampleAt: number | undefined;

  constructor(stream: OutputStream, now: () => number, colors: Colors) {
    this.#stream = stream;
    this.#now = now;
    this.#colors = colors;
    this.#block = new RedrawnBlock(stream);
  }

  update(progress: TrainingProgress, sample?: () => string): void {
    const now = this.#now();
    this.#progress = progress;
    const { step, steps, loss, validationLoss } = progress;
    // without an end there is no axis to draw on
    if (steps !== undefined) this.#curve.add(step, steps, loss, validationLoss);
    this.#sampleAt ??= now + FIRST_SAMPLE_AFTER_MS;
    if (sample && now >= this.#sampleAt) {
      this.#sampleAt = now + SAMPLE_EVERY_MS;
      this.#samples.push({ step, text: sample() });
      if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift();
    }
    if (now - this.#frameAt >= FRAME_EVERY_MS) {
      this.#frameAt = now;
      this.#show();
    }
  }

  notice(text: string): void {
    this.#notice = text;
    if (this.#progress === undefined) this.#stream.write(`${text}\n`);
    else this.#show();
  }

  finish(): void {
    if (this.#progress === undefined) return;
    this.#notice = undefined;
    this.#show();
    this.#block.close();
    this.#progress = undefined;
  }

  #show(): void {
    if (this.#progress === undefined) return;
    const view = { progress: this.#progress, curve: this.#curve, samples: this.#samples, notice: this.#notice };
    this.#block.draw(frame(view, this.#stream.columns ?? 80, this.#stream.rows ?? 24, this.#colors));
  }
}
