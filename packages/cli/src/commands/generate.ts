import type { Command } from "commander";
import { folder } from "unrolled/node";
import { LanguageModel } from "unrolled/tasks";
import type { Host } from "../host.js";
import { decimalNumber, wholeNumber } from "../option-values.js";
import { streamText, withPrompt } from "../streamed-text.js";

interface GenerateOptions {
  prompt: string;
  length: number;
  temperature: number;
  topK?: number;
  topP?: number;
  seed?: number;
}

/** `unrolled generate`: lets a trained language model write. */
export function addGenerateCommand(program: Command, host: Host): void {
  const call = `${program.name()} generate`;
  program
    .command("generate")
    .summary("let a trained model write")
    .description("Prints the prompt and what the model writes after it, as it is written.")
    .argument("<model>", "folder of a model")
    .option("--prompt <text>", "what the model continues", "")
    .option(
      "--length <tokens>",
      "how much it writes: characters, or words or pieces where the model learned those",
      wholeNumber({ minimum: 1 }),
      200,
    )
    .option(
      "--temperature <number>",
      "below 1 plays safe, above 1 dares; 0 always takes the likeliest",
      decimalNumber({ minimum: 0 }),
      1,
    )
    .option("--top-k <count>", "choose among the likeliest so many only", wholeNumber({ minimum: 1 }))
    .option(
      "--top-p <share>",
      "choose among the likeliest that have this probability together",
      decimalNumber({ above: 0, maximum: 1 }),
    )
    .option("--seed <number>", "the same seed writes the same text", wholeNumber({ minimum: 0 }))
    .addHelpText(
      "after",
      `\nExamples:\n  ${call} models/moby-dick --prompt "The whale"\n  ${call} models/moby-dick --length 1000 --temperature 0.7 --seed 1 > chapter.txt`,
    )
    .action((model: string, options: GenerateOptions) => generate(host, model, options));
}

async function generate(host: Host, path: string, { prompt, ...options }: GenerateOptions): Promise<void> {
  const model = await LanguageModel.load(folder(path));
  const continuation = model.generate(prompt, { ...options, signal: host.resultsClosed });
  await streamText(host, withPrompt(prompt, continuation));
  host.results.write("\n");
}
