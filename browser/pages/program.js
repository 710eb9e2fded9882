import { configure } from "unrolled";
import * as trials from "./trials.js";

const workerUrl = new URLSearchParams(location.search).get("worker");
if (workerUrl) await configure({ workerUrl });
globalThis.trials = trials;
