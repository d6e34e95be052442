import { z } from 'zod';
import { durationOrZero } from '../evaluate/policy/duration.ts';
import { id } from '../evaluate/policy/id.ts';
import { wrongBaseUrl } from '../options/address.ts';
import { byType } from '../options/by-type.ts';
import { checked } from '../options/checked.ts';
import { atMost, rateLimit, readRateLimit } from '../options/rate-limit.ts';
import type { SourceSecrets } from './vendor.ts';
import { describeVendor, type SourceConfig, type VendorType, vendors } from './vendors.ts';

/** A source of keysweep.yaml, checked; its vendor describes which secrets it has. */
export interface SourceFile {
  readonly id: string;
  readonly type: VendorType;
  readonly environment?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly rateLimit: z.output<typeof rateLimit>;
  readonly concurrency: number | 'auto';
  readonly http2: boolean;
  readonly timeout: number;
  readonly attempts: number;
  readonly usageLag: number;
  readonly [option: string]: unknown;
}

function schemaOf(type: VendorType) {
  const { hosts, secrets } = describeVendor(type);
  return z.strictObject({
    id,
    type: z.literal(type),
    environment: z.enum(Object.keys(hosts)).optional(),
    baseUrl: checked(wrongBaseUrl).optional(),
    ...secrets,
    rateLimit: rateLimit.default({ requests: 20, per: 1_000 }),
    concurrency: z
      .union(
        [z.int().min(1).max(1_000), z.literal('auto')],
        'must be a whole number from 1 to 1000, or auto',
      )
      .default(10),
    http2: z.boolean().default(true),
    timeout: atMost('1h', 3_600_000).default(10_000),
    attempts: z.int().min(1).max(100).default(5),
    usageLag: durationOrZero.default(0),
  });
}

export const sourceSchema: z.ZodType<SourceFile> = byType(
  (Object.keys(vendors) as VendorType[]).map(schemaOf),
);

/** Requests under way with `concurrency: auto`, where the source takes them well. */
const mostOfAuto = 100;

/** A source without its secrets. */
export function readSourceConfig(file: SourceFile): SourceConfig {
  const { id, type, environment = '', concurrency, attempts } = file;
  const baseUrl = file.baseUrl ?? describeVendor(type).hosts[environment] ?? '';
  return {
    id,
    type,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    rateLimit: readRateLimit(file.rateLimit),
    concurrency: concurrency === 'auto' ? mostOfAuto : concurrency,
    adaptsConcurrency: concurrency === 'auto',
    http2: file.http2,
    timeoutMs: file.timeout,
    attempts,
    usageLagMs: file.usageLag,
  };
}

export function readSourceSecrets(file: SourceFile): SourceSecrets {
  const names = Object.keys(describeVendor(file.type).secrets);
  return Object.fromEntries(names.map((name) => [name, String(file[name])]));
}
