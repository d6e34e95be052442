/** Counts the workers that ask a source, over time. */
export function createAskingCount() {
  const batches = new Map<number, number>();
  let [since, sum, asked] = [0, 0, 0];
  const pass = (now: number) => {
    sum += batches.size * (now - since);
    if (batches.size > 0) asked += now - since;
    since = now;
  };
  return {
    begin(worker: number, now: number) {
      pass(now);
      batches.set(worker, (batches.get(worker) ?? 0) + 1);
    },
    end(worker: number, now: number) {
      pass(now);
      const left = (batches.get(worker) ?? 0) - 1;
      if (left > 0) batches.set(worker, left);
      else batches.delete(worker);
    },
    /** While the source is asked. */
    mean: () => (asked === 0 ? 0 : sum / asked),
    askedMs: () => asked,
    /** Of all workers together. */
    workersMs: () => sum,
  };
}
