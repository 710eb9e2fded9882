/** Wrong arguments: answered with the message alone and exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Runs a benchmark's command and sets the process's exit code: what `main` answers, 2 for wrong arguments, 1 where it fails.
 *
 * @param name how the command is called, for messages
 */
export async function runCommand(name: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const wrongArguments = isUsageError(error);
    const detail = error instanceof Error ? (wrongArguments ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`error: ${detail}\n${wrongArguments ? `See \`npm run bench -- ${name} --help\`.\n` : ""}`);
    process.exitCode = wrongArguments ? 2 : 1;
  }
}

/** Those of ours, and those of `parseArgs` of node:util. */
function isUsageError(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

/** @throws {UsageError} where the value of an option is no whole number of at least `minimum`. */
export function wholeNumber(option: string, value: string, minimum: number): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(number) && number >= minimum) return number;
  throw new UsageError(`${option} must be a whole number of at least ${minimum}, received ${JSON.stringify(value)}.`);
}
