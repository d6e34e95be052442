import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Passes bytes on. Until something is ready, one byte goes at a time, each after this long, so that
 * nobody between here and the client takes the connection for dead; the bytes are the same. Nothing
 * goes within the first `quietMs`: a failure in that time can still be an answer of its own.
 */
export async function* paceUntil(
  ready: Promise<unknown>,
  pieces: AsyncIterable<Uint8Array>,
  quietMs: number,
): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    let sent = 0;
    while (sent < piece.length && !(await isReadyWithin(ready, quietMs))) {
      sent += 1;
      yield piece.subarray(sent - 1, sent);
    }
    if (sent < piece.length) yield piece.subarray(sent);
  }
}

async function isReadyWithin(ready: Promise<unknown>, ms: number): Promise<boolean> {
  const waiting = new AbortController();
  try {
    const { signal } = waiting;
    return await Promise.race([ready.then(() => true), sleep(ms, false, { signal })]);
  } finally {
    waiting.abort();
  }
}
