/** What a process of its own makes of a saved model: `node <this, bundled> <folder> <prompt> <text>` prints it as JSON. */
import { folder } from "../../../node/folder.js";
import { LanguageModel } from "../language-model.js";

const [path = "", prompt = "", text = ""] = process.argv.slice(2);
const model = await LanguageModel.load(folder(path));
process.stdout.write(
  JSON.stringify({ sample: model.sample(prompt, { length: 100, seed: 5 }), metrics: await model.evaluate(text) }),
);
