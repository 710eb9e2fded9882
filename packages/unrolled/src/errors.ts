/**
 * What went wrong, as a word that a program can test and that never changes:
 *
 * - `UNROLLED_SHAPE`: a tensor, or the data for one, has the wrong shape;
 * - `UNROLLED_DTYPE`: numbers of the wrong kind, such as a fraction where an index is due;
 * - `UNROLLED_VALUE`: an option or argument is outside what it may be;
 * - `UNROLLED_INDEX`: an index points outside the table it looks up;
 * - `UNROLLED_TENSOR_EXPIRED`: a tensor was used after the scope that computed it had closed;
 * - `UNROLLED_NOT_FINITE`: training met NaN or infinity;
 * - `UNROLLED_MEMORY`: the engine's memory is full;
 * - `UNROLLED_ENGINE`: the requested engine can't run on this host;
 * - `UNROLLED_THREAD`: a thread of the engine died, and what it computed is lost;
 * - `UNROLLED_DATA`: data (a text, a table, a file of examples) can't be used as it is;
 * - `UNROLLED_FILE`: a model's file is damaged, unreadable or not what it should be;
 * - `UNROLLED_STATE_DICT`: weights don't fit the network that they are loaded into.
 */
export type ErrorCode =
  | "UNROLLED_SHAPE"
  | "UNROLLED_DTYPE"
  | "UNROLLED_VALUE"
  | "UNROLLED_INDEX"
  | "UNROLLED_TENSOR_EXPIRED"
  | "UNROLLED_NOT_FINITE"
  | "UNROLLED_MEMORY"
  | "UNROLLED_ENGINE"
  | "UNROLLED_THREAD"
  | "UNROLLED_DATA"
  | "UNROLLED_FILE"
  | "UNROLLED_STATE_DICT";

/**
 * The one class of errors that this library throws on purpose. The message names the thing, what it expected, what it got, and
 * the likely mend; `code` is stable.
 */
export class UnrolledError extends Error {
  /** Always `UnrolledError`. */
  override readonly name = "UnrolledError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
