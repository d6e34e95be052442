import { secret, webUrl } from '../../../options/checked.ts';
import type { ChannelDescription } from '../description.ts';

export const pagerdutyChannel = {
  format: 'pagerduty',
  // PagerDuty recognizes a repeated event by its `dedup_key`. Its limits are not published.
  pace: { inFlight: 10, spacingMs: 100 },
  secrets: {
    routingKey: secret,
    url: webUrl.default('https://events.pagerduty.com/v2/enqueue'),
  },
  options: {},
  address: 'url',
  testNote:
    'note: PagerDuty opens an incident for this, which may page somebody, and resolves it at once',
} as const satisfies ChannelDescription;
