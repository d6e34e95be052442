import type { z } from 'zod';
import type { Transport } from './http/transport.ts';
import type { ObserveContext, Pace } from './key-source.ts';
import type { Lookup } from './lookup.ts';

/** Describes a vendor. Reading the configuration loads this, so it must not import the client. */
export interface VendorDescription {
  /** The documented base URLs, by `environment`. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Options that must not leave the process. Each is a text. */
  readonly secrets: Readonly<Record<string, z.ZodType<string>>>;
  /** The documented types of keys. If a policy names another, that is probably misspelt. */
  readonly documentedTypes: readonly string[];
  /** Loads its client on demand, because only the sources' thread needs it. */
  readonly load: () => Promise<CreateClient>;
}

/** The secrets of one source, by the names of the options. */
export type SourceSecrets = Readonly<Record<string, string>>;

export interface ClientParts {
  /** Ends without a slash. */
  readonly baseUrl: string;
  readonly credentials: SourceSecrets;
  readonly transport: Pick<Transport, 'send'>;
  readonly pace: Pace;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks: () => number;
  /** Aborted when the source is closed. */
  readonly closing: AbortSignal;
}

/**
 * Asks the vendor for one key, once. Every reply and every silence is a `Lookup`. Rejects only with
 * the reason of a signal, and with what `Pace` throws.
 */
export type AskForKey = (keyId: string, context: ObserveContext) => Promise<Lookup>;

/** Makes the client of one source. */
export type CreateClient = (parts: ClientParts) => AskForKey;
