import "./program.js";

/** What the page's own worker makes of `losses`. */
globalThis.inOwnWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./own-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = ({ message }) => reject(new Error(message));
  });
