import type { AlertChannel, ChannelOptions, Delivery } from '../channel.ts';
import { judgeResult } from '../judge-result.ts';
import { postJson } from '../post-json.ts';
import type { RequestResult } from '../request.ts';
import { teamsChannel } from './describe.ts';

/** The sentence that names the error takes some 220 bytes. */
const answerBytes = 2_048;
/** How much of the message's start identifies an echo. */
const echoed = 60;

/** A channel that posts to a Workflows webhook of Teams. */
export function createTeamsChannel(options: ChannelOptions): AlertChannel {
  const { id, now } = options;
  return {
    id,
    format: teamsChannel.format,
    async deliver({ body }, signal) {
      const result = await postJson(options, { body, signal, answerBytes });
      return judgeBody(result, body, now());
    },
  };
}

/**
 * The connectors that Workflows replaces answer 200 and put the real status in the body. A flow may
 * echo the message that it received; keys in an echo say nothing about the status.
 */
function judgeBody(result: RequestResult, sent: string, now: Date): Delivery {
  const delivery = judgeResult(result, now);
  if (result.kind !== 'answered' || delivery.kind !== 'delivered') return delivery;
  const named = /HTTP error ([45]\d\d)\b/i.exec(result.body)?.[1];
  if (named === undefined || result.body.startsWith(sent.slice(0, echoed))) return delivery;
  const judged = judgeResult({ ...result, status: Number(named) }, now);
  if (judged.kind === 'delivered') return judged;
  return { ...judged, detail: `answered ${result.status}, with HTTP error ${named} in the body` };
}
