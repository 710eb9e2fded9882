/** The worker of the page that measures: the first message names the build, each further one asks for a turn. */
import { prepare } from "./bench.js";

let turn;
globalThis.onmessage = async ({ data }) => {
  if (turn) return postMessage(await turn(data));
  turn = await prepare(data);
  postMessage("ready");
};
