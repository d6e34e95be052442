import type { AlertChannel, ChannelOptions, Delivery } from '../channel.ts';
import { judgeResult } from '../judge-result.ts';
import { postJson } from '../post-json.ts';
import type { RequestResult } from '../request.ts';
import { slackChannel } from './describe.ts';

/** Slack answers with one word. */
const answerBytes = 256;
const slackWord = /^[a-z_]{1,60}$/;
/** The words for passing failures; all others are permanent. */
const passingWords = new Set([
  'fatal_error',
  'internal_error',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'rollup_error',
  'service_unavailable',
]);

/** A channel that posts to an incoming webhook of Slack, or of a compatible service. */
export function createSlackChannel(options: ChannelOptions): AlertChannel {
  const { id, url, now } = options;
  return {
    id,
    format: slackChannel.format,
    async deliver({ body }, signal) {
      const result = await postJson(options, { body, signal, answerBytes });
      return judgeWord(result, judgeResult(result, now()), url);
    },
  };
}

/**
 * Any word except `ok` is an error, even with a successful status; with a failed status, the word
 * gives the reason. A word that occurs in the URL is left out, because the URL is secret.
 */
function judgeWord(result: RequestResult, byStatus: Delivery, url: string): Delivery {
  if (result.kind !== 'answered') return byStatus;
  const word = result.body.trim();
  if (word === 'ok' || !slackWord.test(word)) return byStatus;
  const detail = `answered ${result.status}${url.includes(word) ? '' : `: ${word}`}`;
  if (byStatus.kind !== 'delivered') return { ...byStatus, detail };
  const kind = passingWords.has(word) ? 'passing' : 'permanent';
  return { kind, detail, codes: [result.status] };
}
