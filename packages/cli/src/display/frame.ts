import type { Colors } from "./colors.js";
import type { LossCurve } from "./loss-curve.js";
import { progressItems } from "./progress-items.js";
import { count } from "./quantities.js";
import type { TrainingProgress } from "./training-display.js";
import { onOneLine } from "./visible-text.js";

/** Something the model wrote while it was trained. */
export interface Sample {
  readonly step: number;
  readonly text: string;
}

/** All that the live display shows at one moment. */
export interface View {
  readonly progress: TrainingProgress;
  readonly curve: LossCurve;
  /** Oldest first. */
  readonly samples: readonly Sample[];
  readonly notice: string | undefined;
}

const WIDEST = 100;
const HIGHEST_CURVE = 10;
const LOWEST_CURVE = 3;
const TRAINING_COLOR = "\u001b[36m";
const VALIDATION_COLOR = "\u001b[33m";

/** The live display in lines, made for a terminal of `columns` by `rows` characters. */
export function frame(view: View, columns: number, rows: number, colors: Colors): string[] {
  const width = Math.max(1, Math.min(columns - 1, WIDEST));
  const head = numbers(view.progress, width, colors);
  const notice = view.notice === undefined ? [] : [colors.yellow(onOneLine(view.notice, width))];
  const barFits = head.length + 1 + (notice.length === 0 ? 0 : notice.length + 1) < rows;
  const { step, steps } = view.progress;
  if (barFits && steps !== undefined) head.push(progressBar(step / steps, width, colors));

  // What is left of the terminal's height: first for the newest sample, then for the curve, then for older samples.
  let free = rows - 2 - head.length - notice.length;
  const newest = view.samples.length === 0 || free < 2 ? 0 : 1;
  free -= newest === 0 ? 0 : newest + 1;
  const height = Math.min(HIGHEST_CURVE, free - 2 - Math.max(0, view.samples.length - 1));
  const curveHeight = height >= LOWEST_CURVE ? height : Math.min(LOWEST_CURVE, free - 2);
  const curveColors = colors.isColorSupported ? { training: TRAINING_COLOR, validation: VALIDATION_COLOR } : undefined;
  const curve = curveHeight < LOWEST_CURVE ? [] : view.curve.draw(width, curveHeight, curveColors);
  free -= curve.length === 0 ? 0 : curve.length + 1;
  const shown = newest === 0 ? [] : view.samples.slice(-(newest + Math.max(0, free)));

  const samples = shown.map((sample) => sampleLine(sample, width, colors));
  return [head, curve, samples, notice].filter((part) => part.length > 0).flatMap((part, k) => (k === 0 ? part : ["", ...part]));
}

function numbers(progress: TrainingProgress, width: number, colors: Colors): string[] {
  const paint = { training: colors.cyan, validation: colors.yellow };
  return flow(
    progressItems(progress).map(({ text, about }) => [text, about === undefined ? text : paint[about](text)]),
    width,
  );
}

/** Items beside each other as far as they fit, on as many lines as it takes. */
function flow(items: [plain: string, painted: string][], width: number): string[] {
  const gap = "   ";
  const lines: { length: number; text: string }[] = [];
  for (const [plain, painted] of items) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + gap.length + plain.length <= width) {
      line.length += gap.length + plain.length;
      line.text += gap + painted;
    } else {
      lines.push({ length: plain.length, text: plain.length <= width ? painted : onOneLine(plain, width) });
    }
  }
  return lines.map(({ text }) => text);
}

function progressBar(share: number, width: number, colors: Colors): string {
  const percent = ` ${Math.floor(share * 100)} %`.padStart(6);
  const length = Math.max(0, width - percent.length);
  const full = Math.min(length, Math.floor(share * length));
  return onOneLine(percent, width) === percent
    ? colors.green("█".repeat(full)) + colors.dim("░".repeat(length - full)) + percent
    : "";
}

function sampleLine({ step, text }: Sample, width: number, colors: Colors): string {
  const label = onOneLine(`step ${count(step)}  `, width);
  return colors.dim(label) + onOneLine(text, width - label.length);
}
