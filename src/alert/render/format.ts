import type { Message } from '../message.ts';

/** A message as its channel takes it. */
export interface Rendered {
  /** The text that is kept, and sent at every attempt. Credentials are added as it is sent. */
  readonly body: string;
  /** False where it is longer than the channel takes: its findings must be cut into more parts. */
  readonly fits: boolean;
}

/** How a kind of channel is written to. Every word of a message that is not ours may be hostile. */
export interface ChannelFormat {
  /** How many findings a message holds at most. */
  readonly mostFindings: number;
  /**
   * A message opens an incident or ends one. The order then matters: an old opening that arrives
   * late opens again what has ended.
   */
  readonly keepsIncidents: boolean;
  /**
   * The same words for the same message and instant. A message of one finding, or of none, is cut
   * until it fits, whatever it holds.
   */
  render(message: Message, at: Date): Rendered;
}
