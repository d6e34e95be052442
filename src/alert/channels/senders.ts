import type { Logger } from 'pino';
import type { Proxies } from '../../proxy/proxies.ts';
import type { ReviewLinks } from '../review-links.ts';
import type { AlertChannel } from './channel.ts';
import { createEmailChannel } from './email/send.ts';
import type { ChannelType, ConfigOf, SecretsOf } from './index.ts';
import { createLogChannel } from './log/send.ts';
import { createPagerdutyChannel } from './pagerduty/send.ts';
import { createSlackChannel } from './slack/send.ts';
import { createTeamsChannel } from './teams/send.ts';
import { createWebhookChannel } from './webhook/send.ts';

/** What every channel needs besides its own options and secrets. */
export interface SendingTerms {
  readonly allowPrivateNetworks: boolean;
  readonly proxies?: Proxies | undefined;
  readonly log: Logger;
  readonly now: () => Date;
  /** Signs links to reviews in mails. */
  readonly reviewLinks?: Pick<ReviewLinks, 'sign'> | undefined;
  /** Shows a line to a person at a terminal; channels of type log then write no JSON. */
  readonly tell?: ((line: string) => void) | undefined;
}

export type CreateChannel<T extends ChannelType> = (
  options: SendingTerms & ConfigOf<T> & SecretsOf<T>,
) => AlertChannel;

/** The sender of each type of channel. */
export const senders: { readonly [T in ChannelType]: CreateChannel<T> } = {
  webhook: createWebhookChannel,
  slack: createSlackChannel,
  pagerduty: createPagerdutyChannel,
  email: createEmailChannel,
  teams: createTeamsChannel,
  log: createLogChannel,
};
