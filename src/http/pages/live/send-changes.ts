import type { SSEStreamingApi } from 'hono/streaming';
import type { LivePart } from './live-entry.ts';

const everyMs = 1_000;
/** Then the browser asks again, and is asked again who it is. */
const longestMs = 600_000;

/** Sends a part whenever it has changed, until it ends or the browser has gone. */
export async function sendChanges(
  stream: SSEStreamingApi,
  read: () => Promise<LivePart>,
): Promise<void> {
  let last: string | undefined;
  for (let ms = 0; ms < longestMs && !stream.aborted; ms += everyMs) {
    const part = await read();
    if (part.kind === 'end') return stream.writeSSE({ event: 'end', data: part.to });
    if (part.html !== last) await stream.writeSSE({ data: part.html });
    last = part.html;
    await stream.sleep(everyMs);
  }
}
