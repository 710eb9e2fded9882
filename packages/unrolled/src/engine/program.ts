type Kernel = (...args: readonly number[]) => unknown;

/**
 * Kernel calls in their order, noted once and made again as often as wanted: the same work on the same addresses, on whatever numbers
 * stand there then. Nothing but the calls happens, so a repetition costs no bookkeeping and leaves no garbage.
 */
export class Program {
  readonly #kernels: Kernel[] = [];
  readonly #args: number[][] = [];
  #isRepeatable = true;

  /** Whether the calls are all that was done. */
  get isRepeatable(): boolean {
    return this.#isRepeatable;
  }

  /** Says that something happened that is no kernel call, or that a kernel's answer decided what followed. */
  spoil(): void {
    this.#isRepeatable = false;
  }

  /** Kernels that note their calls here and make them. */
  noting<K extends object>(kernels: K): K {
    const noting = Object.entries(kernels).map(([name, kernel]: [string, Kernel]) => [
      name,
      (...args: number[]) => {
        const answer = kernel(...args);
        if (answer === undefined) {
          this.#kernels.push(kernel);
          this.#args.push(args);
        } else if (!SIZES.has(name)) this.spoil();
        return answer;
      },
    ]);
    return Object.fromEntries(noting) as K;
  }

  run(): void {
    for (let call = 0; call < this.#kernels.length; call++) {
      const [a, b, c, d, e, f, g, h, i, j, k, l] = this.#args[call] as number[] as [
        ...[number, number, number, number, number, number],
        ...[number, number, number, number, number, number],
      ];
      (this.#kernels[call] as Kernel)(a, b, c, d, e, f, g, h, i, j, k, l);
    }
  }
}

/** Kernels whose answer depends on sizes alone. */
const SIZES: ReadonlySet<string> = new Set(["packedLength", "transposedScratchLength", "ctcWorkspaceLength"]);
