const everyMs = 30_000;

/**
 * Passes each code on at most once in half a minute: a server that is down causes many errors a
 * second, and the first one says enough.
 */
export function throttleByCode<More extends readonly unknown[]>(
  say: (code: string, ...more: More) => void,
): (code: string, ...more: More) => void {
  const said = new Map<string, number>();
  return (code, ...more) => {
    const now = performance.now();
    if (now - (said.get(code) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    said.set(code, now);
    say(code, ...more);
  };
}
