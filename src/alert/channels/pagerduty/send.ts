import { z } from 'zod';
import type { AlertChannel, ChannelOptions, Delivery } from '../channel.ts';
import { judgeResult } from '../judge-result.ts';
import { parseJson } from '../parse-json.ts';
import { postJson } from '../post-json.ts';
import { pagerdutyChannel } from './describe.ts';

export interface PagerdutyOptions extends ChannelOptions {
  /** The integration key. It is added to each event when it is sent, and is stored in no body. */
  readonly routingKey: string;
}

const event = z.looseObject({
  event_action: z.enum(['trigger', 'resolve']),
  dedup_key: z.string(),
});
type Event = z.output<typeof event>;

/**
 * A channel that sends each body as one event of PagerDuty's Events API v2. A repeated event does
 * no harm: PagerDuty recognizes it by its `dedup_key`. 400 means that it will never take the event.
 * Its answer says why, but may repeat the key, so it is not read.
 *
 * For a test it opens an incident and resolves it: the person on call sees that it arrives, and no
 * incident stays open.
 */
export function createPagerdutyChannel(options: PagerdutyOptions): AlertChannel {
  const { id, routingKey, now } = options;

  async function send(said: Event, signal: AbortSignal): Promise<Delivery> {
    const body = JSON.stringify({ ...said, routing_key: routingKey });
    return judgeResult(await postJson(options, { body, signal }), now());
  }

  return {
    id,
    format: pagerdutyChannel.format,
    async deliver({ type, body }, signal) {
      signal.throwIfAborted();
      const said = event.safeParse(parseJson(body));
      if (!said.success) return { kind: 'permanent', detail: 'the body is not an event' };

      const delivery = await send(said.data, signal);
      if (type !== 'test' || delivery.kind !== 'delivered') return delivery;

      const { dedup_key } = said.data;
      const ended = await send({ event_action: 'resolve', dedup_key }, signal);
      if (ended.kind === 'delivered') return ended;
      return { ...ended, detail: `the incident of the test is still open: ${ended.detail}` };
    },
  };
}
