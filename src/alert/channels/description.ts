import type { z } from 'zod';
import type { FormatName } from '../render/index.ts';

/** How fast a channel may be written to, by all workers together. */
export interface ChannelPace {
  /** At most this many alerts are on their way at once. */
  readonly inFlight: number;
  /** The average time from one alert to the next; 0: as fast as the receiver takes them. */
  readonly spacingMs: number;
}

/**
 * What a type of channel is. Whoever reads the configuration loads it, so it imports nothing that
 * sends.
 */
export interface ChannelDescription {
  /** What its alerts are written in. The name stands in the outbox and never changes. */
  readonly format: FormatName;
  readonly pace: ChannelPace;
  /** Options that must not leave the process. Each is a text. */
  readonly secrets: Readonly<Record<string, z.ZodType<string | undefined>>>;
  readonly options: Readonly<Record<string, z.ZodType>>;
  /** The secret that holds the URL it is reached at; null where nothing is called. */
  readonly address: string | null;
  /** For types that can write to one person: the options that lead to a mail address. */
  readonly forOwner?: (mail: string) => Readonly<Record<string, unknown>>;
  /** What `alerts test` says before it sends. */
  readonly testNote?: string;
}
