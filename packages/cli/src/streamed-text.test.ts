import { describe, expect, it } from "vitest";
import { streamText, withPrompt } from "./streamed-text.js";
import { FakeHost, RecordingStream } from "./testing/fake-host.js";

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) {
    await Promise.resolve();
    yield text;
  }
}

async function all(texts: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const text of texts) collected.push(text);
  return collected;
}

describe("streamText", () => {
  it("writes every piece as it is when the results are no terminal", async () => {
    const host = new FakeHost();
    await streamText(host, pieces("a\u001b[2J", "b\n"));
    expect(host.results.text).toBe("a\u001b[2Jb\n");
  });

  it("shows a terminal control characters instead of sending them", async () => {
    const host = new FakeHost({ results: new RecordingStream(80, 24) });
    await streamText(host, pieces("a\u001b[2J", "b\n"));
    expect(host.results.text).toBe("a␛[2Jb\n");
  });

  it("asks for no further piece once nobody reads", async () => {
    const host = new FakeHost();
    let asked = 0;
    async function* endless(): AsyncGenerator<string> {
      while (true) {
        await Promise.resolve();
        asked += 1;
        if (asked === 3) host.closeResults();
        yield "x";
      }
    }
    await streamText(host, endless());
    expect(asked).toBe(3);
    expect(host.results.text).toBe("xxx");
  });

  it("waits for a slow reader, and ends if the reader leaves meanwhile", async () => {
    const slow = new RecordingStream();
    slow._write = (chunk: string) => {
      slow.text += chunk;
    };
    const host = new FakeHost({ results: slow });
    const full = "x".repeat(slow.writableHighWaterMark);
    let asked = 0;
    async function* endless(): AsyncGenerator<string> {
      while (true) {
        await Promise.resolve();
        asked += 1;
        yield full;
      }
    }
    const streaming = streamText(host, endless());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(1);
    host.closeResults();
    await streaming;
    expect(asked).toBe(1);
  });
});

describe("withPrompt", () => {
  it("puts the prompt before the first piece, and gives it alone when nothing follows", async () => {
    expect(await all(withPrompt("Call ", pieces("m", "e")))).toEqual(["Call m", "e"]);
    expect(await all(withPrompt("Call ", pieces()))).toEqual(["Call "]);
  });

  it("gives nothing at all when the prompt is refused", async () => {
    // biome-ignore lint/correctness/useYield: it refuses before the first piece, as a model does with an unknown character.
    async function* refusal(): AsyncGenerator<string> {
      await Promise.reject(new Error("unknown character"));
    }
    await expect(all(withPrompt("ß", refusal()))).rejects.toThrow("unknown character");
  });
});
