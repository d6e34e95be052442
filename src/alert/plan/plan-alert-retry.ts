import { keepsIncidents } from '../render/index.ts';

/** An alert in the outbox that a person wants to send again. */
export interface RetryableAlert {
  readonly id: string;
  readonly channel: string;
  readonly format: string;
  readonly state: 'pending' | 'delivered' | 'failed' | 'superseded';
  /** Its channel has a later message about the same incident, or is about to get one. */
  readonly overtaken: boolean;
}

/** `requeue`: a new day of attempts begins. `hurry`: the waiting alert becomes due at once. */
export type AlertRetryPlan =
  | { readonly kind: 'requeue' }
  | { readonly kind: 'hurry' }
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * Decides whether an alert may be sent again. `formats`: the current formats of the channels, by
 * id. It refuses alerts that would repeat or mislead: an old message would reopen an ended
 * incident.
 */
export function planAlertRetry(
  alert: RetryableAlert,
  formats: ReadonlyMap<string, string>,
): AlertRetryPlan {
  const why = whyNot(alert, formats);
  if (why !== undefined) return { kind: 'refuse', why };
  return { kind: alert.state === 'failed' ? 'requeue' : 'hurry' };
}

function whyNot(
  { state, channel, format, overtaken }: RetryableAlert,
  formats: ReadonlyMap<string, string>,
): string | undefined {
  if (state === 'delivered') return 'it was delivered';
  if (state === 'superseded') return 'a newer alert took its place';
  if (state === 'pending') return undefined;
  if (format === 'heartbeat') return 'a late heartbeat would report an old state';
  const taken = formats.get(channel);
  if (taken === undefined) return `the configuration has no channel ${channel} any more`;
  if (taken !== format)
    return `it was written for ${format}; channel ${channel} takes ${taken} now`;
  if (overtaken && keepsIncidents(format)) {
    return 'the channel has later news of the same incident, which this would undo';
  }
  return undefined;
}
