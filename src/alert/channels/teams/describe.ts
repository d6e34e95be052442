import { webUrl } from '../../../options/checked.ts';
import type { ChannelDescription } from '../description.ts';

export const teamsChannel = {
  format: 'teams',
  // Teams allows four messages a second. They have no ids, so only one is in flight: see Slack.
  pace: { inFlight: 1, spacingMs: 1_000 },
  secrets: { url: webUrl },
  options: {},
  address: 'url',
} as const satisfies ChannelDescription;
