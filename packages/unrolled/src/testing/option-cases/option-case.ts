type Options = Readonly<Record<string, unknown>>;

/** A function that takes options, and what it is tried with. */
export interface OptionCase {
  /** What it is called in errors. */
  readonly where: string;
  /** Which file refuses its unknown options, from the folder of sources. */
  readonly file: string;
  /** The public types of its options, where they have a name. */
  readonly types: readonly string[];
  /** A value of each option that there is. */
  readonly options: Options;
  /** Another value of each. */
  readonly others: Options;
  /** Options that nothing which comes out can show; each with its reason where it is named. */
  readonly unseen?: readonly string[];
  /** All that a user sees of a call, the same for the same options. */
  run(options: never): unknown;
}
