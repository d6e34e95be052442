import type { ChannelDescription } from '../description.ts';

export const logChannel = {
  format: 'json',
  pace: { inFlight: 20, spacingMs: 0 },
  secrets: {},
  options: {},
  address: null,
} as const satisfies ChannelDescription;
