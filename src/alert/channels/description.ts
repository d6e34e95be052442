import type { z } from 'zod';
import type { FormatName } from '../render/index.ts';

/** How fast all workers together may send to a channel. */
export interface ChannelPace {
  /** At most this many alerts are on their way at once. */
  readonly inFlight: number;
  /** The average time from one alert to the next; 0: as fast as the receiver takes them. */
  readonly spacingMs: number;
}

/**
 * Describes a type of channel. Reading the configuration loads it, so it imports no code that
 * sends.
 */
export interface ChannelDescription {
  /** The format of its alerts. The name is stored in the outbox and never changes. */
  readonly format: FormatName;
  readonly pace: ChannelPace;
  /** Options with text values that must stay in the process. */
  readonly secrets: Readonly<Record<string, z.ZodType<string | undefined>>>;
  readonly options: Readonly<Record<string, z.ZodType>>;
  /** The secret that holds the channel's URL; null if the channel calls none. */
  readonly address: string | null;
  /** For types that can write to one person: makes the options from a mail address. */
  readonly forOwner?: (mail: string) => Readonly<Record<string, unknown>>;
  /** What `alerts test` says before it sends. */
  readonly testNote?: string;
}
