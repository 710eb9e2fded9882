/** A task of the library on real data, with the figure that it has to reach. */
export interface QualityTask {
  /** As on the command line, and the name of its folder in `--data`. */
  readonly name: string;
  /** What is done, in a line. */
  readonly description: string;
  /** What has to be in `--data`, such as "tinyshakespeare/input.txt"; nothing where a package of the benchmarks ships it. */
  readonly data?: string;
  /** What the figure is, such as "validation loss, nats per character". */
  readonly figure: string;
  /** Which way it gets better. */
  readonly better: "lower" | "higher";
  /** The median over the seeds must be at most this, or at least. */
  readonly target: number;
  /** What others report for it. */
  readonly published?: Baseline;
  /** @param data the folder of `--data`; undefined where a task needs none */
  open(data: string | undefined): Promise<OpenedTask>;
}

/** A task with its data read. */
export interface OpenedTask {
  /** The settings of the network and its training, for the record. */
  readonly options: object;
  /** What it is compared with, measured on the same split. */
  readonly baselines: readonly Baseline[];
  /** Trains anew and measures. */
  run(request: RunRequest): Promise<Result>;
}

export interface Baseline {
  readonly name: string;
  readonly value: number;
}

export interface RunRequest {
  readonly seed: number;
  /** Ends training after that many steps, to try the command; undefined trains in full. */
  readonly steps: number | undefined;
  /** Called with a line of progress. */
  readonly say: (line: string) => void;
}

export interface Result {
  readonly value: number;
  /** The same figure got otherwise, by how. */
  readonly also?: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly epochs: readonly { readonly epoch: number; readonly loss: number; readonly validationLoss?: number }[];
  /** That training took. */
  readonly seconds: number;
}
