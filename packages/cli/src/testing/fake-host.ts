import { Readable, Writable } from "node:stream";
import type { Host, InputStream, OutputStream } from "../host.js";

/** A stream that keeps what is written; a terminal if it has a size. */
export class RecordingStream extends Writable implements OutputStream {
  text = "";
  readonly isTTY: boolean;

  constructor(
    public columns?: number,
    public rows?: number,
  ) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk;
    done();
  }

  /** What was written since the last time this was asked. */
  taken(): string {
    const text = this.text;
    this.text = "";
    return text;
  }
}

/** A host without a process: streams that record, a clock that stands still, Ctrl-C by a call. */
export class FakeHost implements Host {
  readonly input: InputStream;
  readonly results: RecordingStream;
  readonly messages: RecordingStream;
  readonly environment: Record<string, string>;
  milliseconds = 0;
  readonly exits: number[] = [];
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(
    options: { results?: RecordingStream; messages?: RecordingStream; environment?: Record<string, string>; input?: string } = {},
  ) {
    this.input = options.input === undefined ? terminalInput() : pipedInput(options.input);
    this.results = options.results ?? new RecordingStream();
    this.messages = options.messages ?? new RecordingStream();
    this.environment = options.environment ?? {};
  }

  readonly now = () => this.milliseconds;
  readonly exit = (code: number) => {
    this.exits.push(code);
  };
  readonly onInterrupt = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  get resultsClosed(): AbortSignal {
    return this.#closing.signal;
  }

  closeResults(): void {
    this.#closing.abort();
  }

  /** Presses Ctrl-C; false if nobody listens, so that the process would end. */
  interrupt(): boolean {
    for (const listener of [...this.#listeners]) listener();
    return this.#listeners.size > 0;
  }
}

/** A terminal in which nobody types. */
function terminalInput(): InputStream {
  return Object.assign(pipedInput(""), { isTTY: true });
}

/** A text that comes byte by byte, so that characters are cut as pipes may cut them. */
function pipedInput(text: string): InputStream {
  return Readable.from(Array.from(new TextEncoder().encode(text), (byte) => Uint8Array.of(byte)));
}
