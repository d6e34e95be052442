import { webUrl } from '../../../options/checked.ts';
import type { ChannelDescription } from '../description.ts';

export const slackChannel = {
  format: 'slack',
  // Slack allows about one message per second. A message has no id: if a worker dies between
  // sending and recording it, that message is repeated, so only one is in flight.
  pace: { inFlight: 1, spacingMs: 1_000 },
  secrets: { url: webUrl },
  options: {},
  address: 'url',
} as const satisfies ChannelDescription;
