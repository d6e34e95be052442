const everyMs = 30_000;

/**
 * Passes each code on once in half a minute at most: a server that is away fails us many times a second,
 * and the first line says it all.
 */
export function throttleByCode(say: (code: string) => void): (code: string) => void {
  const said = new Map<string, number>();
  return (code) => {
    const now = performance.now();
    if (now - (said.get(code) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    said.set(code, now);
    say(code);
  };
}
