/** The same in a process of Node's: `bench-in-node.js <build>`. */
import { prepare } from "./bench.js";

const turn = await prepare(process.argv[2]);
process.on("message", async (request) => process.send(await turn(request)));
process.send("ready");
