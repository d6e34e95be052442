import type { ChannelFormat } from './format.ts';

/** Common receivers refuse longer bodies; 100 ordinary findings take about 70 kB. */
const mostBytes = 250_000;

/**
 * The body of a webhook, which the log channel also reads. `timestamp` is the planning time, not
 * the sending time.
 */
export const json: ChannelFormat = {
  mostFindings: 100,
  keepsIncidents: false,
  render({ type, data }, at, checkpoint) {
    const evidence = checkpoint === undefined ? {} : { evidence: { checkpoint } };
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data, ...evidence });
    return { body, fits: Buffer.byteLength(body) <= mostBytes };
  },
};
