/**
 * The most instants within any half-open window of this length, wherever it begins. A window with
 * the most can always be moved until it begins at an instant, so only those are looked at.
 * `instants` are in ascending order.
 */
export function mostInWindow(instants: readonly number[], lengthMs: number): number {
  let most = 0;
  let first = 0;
  instants.forEach((at, index) => {
    while (at - (instants[first] ?? at) >= lengthMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
