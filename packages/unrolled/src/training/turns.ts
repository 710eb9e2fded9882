/** Lets a server or page do its other work now and then while training goes on. */
export class Turns {
  #last = performance.now();

  /** Gives way if the last time is `milliseconds` ago. */
  async giveWay(milliseconds = 40): Promise<void> {
    if (performance.now() - this.#last < milliseconds) return;
    await nextTask();
    this.#last = performance.now();
  }
}

/** Resolves after the tasks that wait now: timers, input, network. */
function nextTask(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
