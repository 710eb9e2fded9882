import { PieceTokenizer } from "../data/text/pieces/piece-tokenizer.js";
import { UnrolledError } from "../errors.js";

/** Pieces that were learned elsewhere, of tasks that read pieces. */
export interface GivenPieces {
  /**
   * Where pieces are read, those that were learned elsewhere, such as those of a `tokenizer.json` (`readTokenizer` of `unrolled/files`).
   * Default: they are learned from the data.
   */
  tokenizer?: PieceTokenizer;
}

/**
 * @param readsPieces whether the task's options have it read pieces
 * @param mend what to set so that it does
 * @param learning options of how pieces are learned
 * @throws {UnrolledError} `UNROLLED_VALUE` where the tokenizer is none, no pieces are read, or an option says how to learn them.
 */
export function checkGivenPieces(
  where: string,
  { tokenizer }: GivenPieces,
  readsPieces: boolean,
  mend: string,
  learning: Readonly<Record<string, unknown>>,
): void {
  if (!tokenizer) return;
  if (!(tokenizer instanceof PieceTokenizer)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`tokenizer\` must be what trainPieces or readTokenizer gives, received ${typeof tokenizer}.`,
    );
  }
  if (!readsPieces) throw new UnrolledError("UNROLLED_VALUE", `${where}: \`tokenizer\` is about pieces; set ${mend} too.`);
  if (Object.values(learning).every((value) => value === undefined)) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`tokenizer\` has learned its pieces already; leave ${Object.keys(learning).join(" and ")} out.`,
  );
}
