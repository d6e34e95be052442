import { z } from 'zod';
import { id } from '../../evaluate/policy/id.ts';
import { byType } from '../../options/by-type.ts';
import { rateLimit, readRateLimit } from '../../options/rate-limit.ts';
import {
  type ChannelConfig,
  type ChannelSecrets,
  type ChannelType,
  channelTypes,
  describeChannel,
} from './index.ts';

/** A channel as written in keysweep.yaml. Its options are valid for its type. */
export interface ChannelFile {
  readonly id: string;
  readonly type: ChannelType;
  readonly rateLimit?: z.output<typeof rateLimit> | undefined;
  readonly [option: string]: unknown;
}

function schemaOf(type: ChannelType) {
  const { secrets, options } = describeChannel(type);
  return z.strictObject({
    id,
    rateLimit: rateLimit.optional(),
    type: z.literal(type),
    ...secrets,
    ...options,
  });
}

export const channelSchema: z.ZodType<ChannelFile> = byType(
  (Object.keys(channelTypes) as ChannelType[]).map(schemaOf),
);

/** The channel's options without its secrets. */
export function readChannelConfig(file: ChannelFile): ChannelConfig {
  const { id, type, rateLimit: limit } = file;
  const options = pick(file, describeChannel(type).options);
  return { id, type, rateLimit: limit && readRateLimit(limit), ...options } as ChannelConfig;
}

/** The channel's secrets; undefined if its type has none. */
export function readChannelSecrets(file: ChannelFile): ChannelSecrets | undefined {
  const { secrets } = describeChannel(file.type);
  return Object.keys(secrets).length === 0 ? undefined : (pick(file, secrets) as ChannelSecrets);
}

/** The channel's URL, and the option that holds it. */
export function readAddress(file: ChannelFile): { option: string; url: URL } | undefined {
  const { address } = describeChannel(file.type);
  return address === null ? undefined : { option: address, url: new URL(String(file[address])) };
}

function pick(file: ChannelFile, names: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, file[name]]));
}
