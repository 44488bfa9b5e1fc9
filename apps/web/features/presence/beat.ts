/** One at a time: without a connection they would wait in a row. What was wanted meanwhile is sent once, afterwards. */
export function oneAtATime(send: () => Promise<unknown>): () => void {
  let isUnderway = false;
  let isWanted = false;
  const run = () => {
    isWanted = isUnderway;
    if (isUnderway) return;
    isUnderway = true;
    const done = () => {
      isUnderway = false;
      if (isWanted) run();
    };
    send().then(done, done);
  };
  return run;
}

/** Timed in a worker: a page that isn't seen has its own timers run once a minute, and its person would come and go. */
export function every(milliseconds: number, run: () => void): () => void {
  const code = `setInterval(() => postMessage(0), ${String(milliseconds)})`;
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(address);
  worker.onmessage = run;
  return () => {
    worker.terminate();
    URL.revokeObjectURL(address);
  };
}
