import { describe, expect, it } from "vitest";
import { dense } from "./layers/dense.js";
import { sequential } from "./layers/sequential.js";
import { LanguageModel } from "./tasks/language-model/language-model.js";
import { Translator } from "./tasks/translator/translator.js";
import { fit } from "./training/fit.js";
import { crossEntropy } from "./training/losses/cross-entropy.js";
import { sgd } from "./training/optimizers/sgd.js";

const wrong = (value: unknown) => value as never;
const refused = (message: string) => expect.objectContaining({ code: "UNROLLED_VALUE", message });

describe("functions and signals among options", () => {
  const network = sequential([dense({ inputSize: 1, units: 2 })], { seed: 1 });
  const options = { loss: crossEntropy(), optimizer: sgd(), epochs: 1 };

  it.each(["onProgress", "onCheckpoint"])("fit: `%s` must be a function", async (name) => {
    const fitting = fit(network, [], { ...options, [name]: 3 });
    await expect(fitting).rejects.toEqual(refused(`fit: \`${name}\` must be a function, received 3.`));
  });

  it.each(["onProgress", "onNotice"])("a task's `%s` must be a function", async (name) => {
    const training = LanguageModel.train("abcabcabc", { [name]: "often" });
    await expect(training).rejects.toEqual(refused(`LanguageModel.train: \`${name}\` must be a function, received "often".`));
  });

  it.each([
    [3, "3"],
    [null, "null"],
    ["stop", '"stop"'],
    [10n, "10"],
    [{}, "{}"],
    [new AbortController(), "AbortController"],
  ])("a signal must be one, not %o", async (signal, received) => {
    const message = (where: string) =>
      refused(`${where}: \`signal\` must be an AbortSignal such as new AbortController().signal, received ${received}.`);
    await expect(fit(network, [], { ...options, signal: wrong(signal) })).rejects.toEqual(message("fit"));
    await expect(Translator.train([], { signal: wrong(signal) })).rejects.toEqual(message("Translator.train"));
  });
});
