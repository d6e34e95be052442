import { hash } from 'node:crypto';
import { changeArrays, type FindingsChanged, type Message } from './message.ts';

export type Notice = Exclude<Message, { readonly type: 'findings.changed' }>;

const longestKey = 255;

/**
 * The single subject of a message, so that the message that ends an incident matches the one that
 * opened it: the fingerprint of its only finding, or the key of a notice. Null if the message is
 * about several findings.
 */
export function incidentKey(message: Message): string | null {
  return message.type === 'findings.changed' ? onlyFinding(message.data) : noticeKey(message);
}

function onlyFinding(data: FindingsChanged): string | null {
  const found = changeArrays.flatMap((name) => data[name].map(({ fingerprint }) => fingerprint));
  const [first, ...others] = new Set(found);
  return first === undefined || others.length > 0 ? null : first;
}

/**
 * The keys of notices:
 * - unknown keys are one incident, for their set is compared over all full sweeps of any schedule;
 * - missed ticks are one a schedule and last tick: each says another gap, and nothing ends it but
 *   a person, who has to know that nobody looked;
 * - an anomaly is one a sweep that was held, which what ends it names;
 * - files that are not used are one a kind, which a person ends;
 * - a review is one a campaign and reviewer, or reason, which a person ends;
 * - a channel that fails is one however much it loses;
 * - a test is one a channel, which ends it itself.
 */
function noticeKey({ type, data }: Notice): string {
  switch (type) {
    case 'sweep.incomplete':
      return keyOf('incomplete');
    case 'sweep.missed':
      return keyOf('missed', data.schedule, data.lastDueAt);
    case 'sweep.anomaly':
      return keyOf('anomaly', data.sweep.id);
    case 'sweep.recovered':
      return keyOf('anomaly', data.anomaly);
    case 'config.rejected':
      return keyOf('rejected', data.kind);
    case 'inventory.held':
      return keyOf('inventory-held');
    case 'channel.failed':
      return keyOf('channel-failed', data.channel);
    case 'review.asked':
      return keyOf('review', data.review.id, data.reviewer);
    case 'review.escalated':
      return keyOf('review', data.review.id, data.because);
    case 'test':
      return keyOf('test', data.channel);
    default:
      return type satisfies never;
  }
}

function keyOf(...names: readonly string[]): string {
  const key = ['keysweep', ...names].join('/');
  if (key.length <= longestKey) return key;
  return `keysweep/sha256/${hash('sha256', key)}`;
}
