import { Command, CommanderError } from "commander";
import { UnrolledError, version } from "unrolled";
import { commandName } from "./command-name.js";
import { addDemoCommand } from "./commands/demo.js";
import { addEvaluateCommand } from "./commands/evaluate.js";
import { addGenerateCommand } from "./commands/generate.js";
import { addInfoCommand } from "./commands/info.js";
import { addPredictCommand } from "./commands/predict.js";
import { addTrainCommand } from "./commands/train.js";
import { exitCode, exitCodeOf } from "./exit-code.js";
import type { Host } from "./host.js";

/** Runs the command that `args` (without `node` and the script) ask for, and gives its exit code; never throws. */
export async function run(args: readonly string[], host: Host): Promise<number> {
  let code: number = exitCode.done;
  const program = createProgram(host, (answer) => {
    code = answer;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has said already what is wrong, or shown what was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    host.messages.write(`error: ${describe(error)}\n`);
    return exitCodeOf(error);
  }
}

function createProgram(host: Host, answer: (code: number) => void): Command {
  const program = new Command(commandName(host.environment))
    .description("Trains recurrent neural networks on your data, and uses them.")
    .version(version, "-v, --version", "show the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.results.write(text),
      writeErr: (text) => host.messages.write(text),
      getOutHelpWidth: () => host.results.columns ?? 80,
      getErrHelpWidth: () => host.messages.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError("(--help shows what there is)");
  program.addHelpText(
    "after",
    `
Examples:
  ${program.name()} demo
  ${program.name()} train classifier reviews.csv
  ${program.name()} predict models/classifier-reviews "I loved it"
  ${program.name()} train language-model book.txt
  ${program.name()} generate models/language-model-book --prompt "Once"`,
  );
  addDemoCommand(program, host, answer);
  addInfoCommand(program, host);
  addTrainCommand(program, host, answer);
  addEvaluateCommand(program, host);
  addPredictCommand(program, host);
  addGenerateCommand(program, host);
  return program;
}

/** An expected error's sentence; of an unexpected one all that helps to find it. */
function describe(error: unknown): string {
  if (error instanceof UnrolledError) return error.message;
  if (!(error instanceof Error)) return String(error);
  return "code" in error || error.stack === undefined ? error.message : error.stack;
}
