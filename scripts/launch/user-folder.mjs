/**
 * The folder the user called from. npm changes to the repository's folder and says in INIT_CWD where it was called; what runs below
 * another npm command inherits that one's, so only the commands that take paths look at it.
 */
export function whereTheUserStands() {
  const calledByNpm = ["start", "bench"].includes(process.env.npm_lifecycle_event ?? "");
  return (calledByNpm ? process.env.INIT_CWD : undefined) ?? process.cwd();
}
