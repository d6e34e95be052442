import type { RateLimit } from '../options/rate-limit.ts';
import { flexcharge } from './flexcharge/describe.ts';
import type { VendorDescription } from './vendor.ts';

/** The vendors, by `type` in keysweep.yaml. */
export const vendors = { flexcharge } as const satisfies Readonly<
  Record<string, VendorDescription>
>;
export type VendorType = keyof typeof vendors;

/** One vendor account and environment. `baseUrl` ends without a slash; times in milliseconds. */
export interface SourceConfig {
  readonly id: string;
  readonly type: VendorType;
  readonly baseUrl: string;
  readonly rateLimit: RateLimit;
  /** Requests under way at most. */
  readonly concurrency: number;
  /** Whether fewer are under way while the source is slow or overloaded. */
  readonly adaptsConcurrency: boolean;
  /** Whether a server with TLS may be asked over HTTP/2. */
  readonly http2: boolean;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly usageLagMs: number;
}

export function describeVendor(type: VendorType): VendorDescription {
  return vendors[type];
}

/** The types of keys that the vendors of these sources document. */
export function documentedTypesOf(sources: readonly SourceConfig[]): readonly string[] {
  const types = new Set(sources.map(({ type }) => type));
  return [...types].flatMap((type) => describeVendor(type).documentedTypes);
}
