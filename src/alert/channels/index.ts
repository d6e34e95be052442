import type { z } from 'zod';
import type { RateLimit } from '../../options/rate-limit.ts';
import type { ChannelDescription } from './description.ts';
import { emailChannel } from './email/describe.ts';
import { logChannel } from './log/describe.ts';
import { pagerdutyChannel } from './pagerduty/describe.ts';
import { slackChannel } from './slack/describe.ts';
import { teamsChannel } from './teams/describe.ts';
import { webhookChannel } from './webhook/describe.ts';

/** The types of channels, by their name in keysweep.yaml. `senders.ts` holds their senders. */
export const channelTypes = {
  webhook: webhookChannel,
  slack: slackChannel,
  pagerduty: pagerdutyChannel,
  email: emailChannel,
  teams: teamsChannel,
  log: logChannel,
} as const satisfies Readonly<Record<string, ChannelDescription>>;
export type ChannelType = keyof typeof channelTypes;

/** A configured channel of one type. Its secrets are in `Secrets`. */
export type ConfigOf<T extends ChannelType> = {
  readonly id: string;
  readonly type: T;
  /** Applies to all workers together; the default is the usual pace of its type. */
  readonly rateLimit?: RateLimit | undefined;
} & Values<(typeof channelTypes)[T]['options']>;
export type ChannelConfig = { [T in ChannelType]: ConfigOf<T> }[ChannelType];

/** By the names of the options. */
export type SecretsOf<T extends ChannelType> = Values<(typeof channelTypes)[T]['secrets']>;
export type ChannelSecrets = Readonly<Record<string, string | undefined>>;

type Values<S> = {
  readonly [K in keyof S as IsOptional<S[K]> extends true ? never : K]: ValueOf<S[K]>;
} & {
  readonly [K in keyof S as IsOptional<S[K]> extends true ? K : never]?: ValueOf<S[K]>;
};
type IsOptional<T> = T extends z.ZodType ? (undefined extends z.output<T> ? true : false) : false;
type ValueOf<T> = T extends z.ZodType ? Value<z.output<T>> : never;
type Value<V> = V extends readonly (infer E)[] ? readonly E[] : V;

export function describeChannel(type: ChannelType): ChannelDescription {
  return channelTypes[type];
}

/** The types that can write to an owner's mail address. */
export const ownerTypes: readonly string[] = Object.entries<ChannelDescription>(channelTypes)
  .filter(([, { forOwner }]) => forOwner !== undefined)
  .map(([type]) => type);
