import { checked, webUrl } from '../../../options/checked.ts';
import type { ChannelDescription } from '../description.ts';
import { wrongWebhookSecret } from './wrong-webhook-secret.ts';

export const webhookChannel = {
  format: 'json',
  // Receivers recognize a repeated message by its id.
  pace: { inFlight: 20, spacingMs: 0 },
  secrets: { url: webUrl, secret: checked(wrongWebhookSecret).optional() },
  options: {},
  address: 'url',
} as const satisfies ChannelDescription;
