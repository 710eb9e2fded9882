/** What is to come out: the same in Node, on the build that is given. */
import { configure } from "unrolled";
import { languageModel, losses } from "./trials.js";

await configure({ simd: process.argv[2] });
process.stdout.write(JSON.stringify({ losses: await losses(), model: await languageModel({ worker: false }) }));
