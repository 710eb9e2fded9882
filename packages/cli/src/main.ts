#!/usr/bin/env node
import { exitCode } from "./exit-code.js";
import { processHost } from "./process-host.js";
import { run } from "./program.js";
import { enableRelaxedSimd } from "./relaxed-simd.js";

enableRelaxedSimd();
// What a command computes with, looked at when it first does: the fastest build that works here, unless the user says otherwise.
process.env.UNROLLED_SIMD ||= "best";
const { host, resultsFailure, closeInput } = processHost();
const code = await run(process.argv.slice(2), host);
closeInput();

// What was written last may still be on its way, and may fail there.
await new Promise((resolve) => process.stdout.write("", resolve));
const failure = resultsFailure();
if (failure !== undefined) process.stderr.write(`error: standard output could not be written (${failure.message}).\n`);
process.exitCode = failure !== undefined && code === exitCode.done ? exitCode.failed : code;
