import { run } from "../program.js";
import { FakeHost } from "./fake-host.js";

/** What a command answered. */
export interface Answer {
  readonly code: number;
  readonly results: string;
  readonly messages: string;
}

/** The command in this process: its exit code and what it wrote. */
export function unrolled(...args: string[]): Promise<Answer> {
  return unrolledWith({}, ...args);
}

/** The same with something on standard input. */
export async function unrolledWith(options: { input?: string }, ...args: string[]): Promise<Answer> {
  const host = new FakeHost(options);
  const code = await run(args, host);
  return { code, results: host.results.text, messages: host.messages.text };
}

/** The same, with Ctrl-C once when it has begun to train. */
export async function interrupted(...args: string[]): Promise<Answer> {
  const host = new FakeHost();
  let hasEnded = false;
  const running = run(args, host).finally(() => {
    hasEnded = true;
  });
  while (!hasEnded && !/^epoch /m.test(host.messages.text)) await new Promise((resolve) => setTimeout(resolve, 1));
  host.interrupt();
  return { code: await running, results: host.results.text, messages: host.messages.text };
}
