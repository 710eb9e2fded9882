import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Workload } from "./cases.js";

/** Steps that a contestant took in a row. */
export interface Turn {
  /** Milliseconds of each. */
  readonly times: readonly number[];
  /** Loss of each, before its update. */
  readonly losses: readonly number[];
}

/** What the contestant's process says first. */
export interface Introduction {
  readonly version: string;
  readonly computesWith: string;
}

/** What the process is asked: to train for at least so many milliseconds, and at least one step. */
export interface TurnRequest {
  readonly milliseconds: number;
}

export type Answer = { readonly introduction: Introduction } | { readonly turn: Turn } | { readonly failure: string };

/**
 * A peer with a prepared workload, in a process of its own: its heap, its compiled code and its flags can't disturb the others, and
 * while it waits for its turn it does nothing.
 */
export class Contestant {
  readonly name: string;
  readonly version: string;
  readonly computesWith: string;
  readonly #process: ChildProcess;

  private constructor(name: string, introduction: Introduction, process: ChildProcess) {
    this.name = name;
    this.version = introduction.version;
    this.computesWith = introduction.computesWith;
    this.#process = process;
  }

  /** @throws {Error} where the peer can't be loaded or can't prepare the workload. */
  static async start(name: string, workload: Workload): Promise<Contestant> {
    const program = fileURLToPath(new URL("contestant-process.ts", import.meta.url));
    // What a peer prints on standard output would end up among the results.
    const child = fork(program, [name, workload.name], { stdio: ["ignore", 2, 2, "ipc"] });
    try {
      const answer = await nextAnswer(child, name);
      if ("introduction" in answer) return new Contestant(name, answer.introduction, child);
      throw new Error(`${name}: expected an introduction from its process first.`);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /**
   * Trains for at least so many milliseconds, and at least one step.
   *
   * @throws {Error} where a step fails or the process ends.
   */
  async train(milliseconds: number): Promise<Turn> {
    const answer = nextAnswer(this.#process, this.name);
    const request: TurnRequest = { milliseconds };
    this.#process.send(request);
    const received = await answer;
    if ("turn" in received) return received.turn;
    throw new Error(`${this.name}: expected the times of a turn from its process.`);
  }

  /** Ends the process. */
  stop(): void {
    this.#process.kill();
  }
}

function nextAnswer(child: ChildProcess, name: string): Promise<Exclude<Answer, { failure: string }>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onError);
      act();
    };
    const onMessage = (message: unknown) => {
      const answer = message as Answer;
      settle(() => ("failure" in answer ? reject(new Error(`${name}: ${answer.failure}`)) : resolve(answer)));
    };
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(`${name}: its process ended with ${code === null ? signal : `exit code ${code}`}.`)));
    const onError = (error: Error) => settle(() => reject(error));
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.on("error", onError);
  });
}
