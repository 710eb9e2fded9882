/** How a contestant's process is started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}
