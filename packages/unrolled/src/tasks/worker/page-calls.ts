import { errorOf } from "./failure.js";
import type { WorkerPort } from "./node-threads.js";
import type { FromPage } from "./protocol.js";

/** The page, as its worker sees it. */
export interface Page {
  /** Aborted when the page's is. */
  readonly signal: AbortSignal;
  /** Whether the page answers for a function. */
  has(name: string): boolean;
  /** Calls one, and goes on. */
  tell(name: string, ...args: unknown[]): void;
  /** Calls one, and waits for what it gives. */
  ask<R>(name: string, ...args: unknown[]): Promise<R>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls of the page's functions, by messages. */
export class PageCalls implements Page {
  readonly signal: AbortSignal;
  readonly #port: WorkerPort;
  readonly #names: readonly string[];
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  constructor(port: WorkerPort, names: readonly string[], signal: AbortSignal) {
    this.#port = port;
    this.#names = names;
    this.signal = signal;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  tell(name: string, ...args: unknown[]): void {
    this.#port.postMessage({ type: "call", name, args });
  }

  ask<R>(name: string, ...args: unknown[]): Promise<R> {
    const id = ++this.#calls;
    this.#port.postMessage({ type: "call", name, args, id });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject }));
  }

  answer({ id, value, failure }: FromPage & { type: "answer" }): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure) waiting?.reject(errorOf(failure));
    else waiting?.resolve(value);
  }
}
