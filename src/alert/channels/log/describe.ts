import type { ChannelDescription } from '../description.ts';

export const log = {
  format: 'json',
  pace: { inFlight: 20, spacingMs: 0 },
  secrets: {},
  options: {},
  address: null,
} as const satisfies ChannelDescription;
