// Runs the checks away from the page, which stays alive meanwhile.
import { verify } from "./verify.js";

const BETWEEN = 100; // milliseconds between two signs of progress

function inWorker() {
  let last = 0;
  const tell = (told) => {
    if (told.progress && performance.now() - last < BETWEEN) return;
    last = performance.now();
    postMessage(told);
  };
  onmessage = ({ data }) => verify(data, tell).catch((error) => postMessage({ failed: String(error) }));
}

if (typeof WorkerGlobalScope !== "undefined") inWorker();
