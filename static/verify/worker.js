// Runs the checks in a worker, so that the page stays responsive.
import { verify } from "./verify.js";

const BETWEEN = 100; // milliseconds between two messages about progress

function inWorker() {
  let last = 0;
  const tell = (told) => {
    if (told.progress && performance.now() - last < BETWEEN) return;
    last = performance.now();
    postMessage(told);
  };
  onmessage = ({ data }) => verify(data, tell).catch((error) => postMessage({ failed: error.says ?? String(error) }));
}

if (typeof WorkerGlobalScope !== "undefined") inWorker();
