import type { ChannelFormat } from './format.ts';

/** Longer bodies are refused by common receivers; 100 ordinary findings take some 70 kB. */
const mostBytes = 250_000;

/**
 * The body of a webhook, and what a log is written from. `timestamp` is when the message was
 * planned, not when it is sent.
 */
export const json: ChannelFormat = {
  mostFindings: 100,
  keepsIncidents: false,
  render({ type, data }, at) {
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
    return { body, fits: Buffer.byteLength(body) <= mostBytes };
  },
};
