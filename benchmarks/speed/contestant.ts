import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Command } from "./programs/command.js";
import type { Answer, Introduction, Turn } from "./protocol.js";

/**
 * A peer that is prepared for a job, in a process of its own: its heap, its compiled code and its flags can't disturb the others,
 * and while it waits for its turn it does nothing.
 */
export class Contestant {
  readonly name: string;
  readonly version: string;
  readonly computesWith: string;
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(name: string, introduction: Introduction, process: ChildProcess, answers: AsyncIterator<string>) {
    this.name = name;
    this.version = introduction.version;
    this.computesWith = introduction.computesWith;
    this.#process = process;
    this.#answers = answers;
  }

  /** @throws {Error} where the peer can't be started or can't prepare the job. */
  static async start(name: string, { program, args, env }: Command): Promise<Contestant> {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    // A process that is gone answers no more, which is noticed there.
    child.stdin.on("error", () => {});
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    try {
      const answer = await Promise.race([nextAnswer(name, child, answers), failed]);
      if ("introduction" in answer) return new Contestant(name, answer.introduction, child, answers);
      throw new Error(`${name}: expected an introduction from its process first.`);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Of its process. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /**
   * Repeats its job for at least so many milliseconds, and at least once.
   *
   * @throws {Error} where it fails or the process ends.
   */
  async take(milliseconds: number): Promise<Turn> {
    this.#process.stdin?.write(`${milliseconds}\n`);
    const answer = await nextAnswer(this.name, this.#process, this.#answers);
    if ("turn" in answer) return answer.turn;
    throw new Error(`${this.name}: expected the times of a turn from its process.`);
  }

  /** Ends the process. */
  stop(): void {
    this.#process.kill();
  }
}

async function nextAnswer(
  name: string,
  child: ChildProcess,
  answers: AsyncIterator<string>,
): Promise<Exclude<Answer, { failure: string }>> {
  while (true) {
    const { done, value: line } = await answers.next();
    if (done) throw new Error(`${name}: its process ended (${await ending(child)}); its messages are above.`);
    // Libraries print on standard output whatever they like.
    if (!line.startsWith('{"')) {
      process.stderr.write(`${name}: ${line}\n`);
      continue;
    }
    const answer = JSON.parse(line) as Answer;
    if ("failure" in answer) throw new Error(`${name}: ${answer.failure}`);
    return answer;
  }
}

async function ending(child: ChildProcess): Promise<string> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once("exit", resolve));
  return child.exitCode === null ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
}
