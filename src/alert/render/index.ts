import { email } from './email.ts';
import type { ChannelFormat } from './format.ts';
import { json } from './json.ts';
import { pagerduty } from './pagerduty.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';

/** The format of each kind of channel. The names are stored in the outbox and never change. */
export const formats = { json, slack, pagerduty, email, teams } as const satisfies Readonly<
  Record<string, ChannelFormat>
>;
export type FormatName = keyof typeof formats;

/** Whether messages in this format open and end incidents. `name` is the name in the outbox. */
export function keepsIncidents(name: string): boolean {
  return Object.hasOwn(formats, name) && formats[name as FormatName].keepsIncidents;
}

/** The body of a heartbeat is one word, and behind it a checkpoint if there is one. */
export type AlertFormat = FormatName | 'heartbeat';

/**
 * The format of a channel's messages. A channel that is not configured gets JSON: its alert stays
 * readable in the outbox until it fails.
 */
export function formatOf(
  channel: string,
  { formats: known }: { readonly formats: ReadonlyMap<string, FormatName> },
): FormatName {
  return known.get(channel) ?? 'json';
}
