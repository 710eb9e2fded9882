const worker = new Worker(new URL("./bench-worker.js", import.meta.url), { type: "module" });

/** Sends the worker a message, and waits for its answer. */
globalThis.ask = (message) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(message);
  });
globalThis.trials = true;
