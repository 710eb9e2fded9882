import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program to its end and resolves with its exit code, as a shell counts it: 128 + n for a program that signal n ended.
 *
 * This process outlives the program: it hands on the signals that it gets itself and waits. A Ctrl-C in a terminal reaches every
 * process of the group at once, and npm sends its own copy, so the program may see one Ctrl-C up to three times.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", ...options });

    /** @type {NodeJS.SignalsListener} */
    const handOn = (signal) => {
      // On Windows the console itself tells every process of a Ctrl-C, and kill() would end the program at once.
      if (process.platform !== "win32") child.kill(signal);
    };
    const stopListening = () => {
      for (const signal of handedOn) process.off(signal, handOn);
    };

    for (const signal of handedOn) process.on(signal, handOn);
    child.once("error", (error) => {
      stopListening();
      reject(error);
    });
    child.once("exit", (code, signal) => {
      stopListening();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** @type {readonly NodeJS.Signals[]} */
const handedOn = ["SIGINT", "SIGTERM", "SIGHUP"];
