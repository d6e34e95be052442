import type { Message } from '../message.ts';

/** A message in the form that its channel accepts. */
export interface Rendered {
  /** The text that is stored, and sent at every attempt. Credentials are added when it is sent. */
  readonly body: string;
  /** False if it exceeds the channel's limit: its findings must be split into more parts. */
  readonly fits: boolean;
}

/** How messages for a kind of channel are written. All outside text may be hostile. */
export interface ChannelFormat {
  /** The most findings that a message holds. */
  readonly mostFindings: number;
  /**
   * Whether a message opens or ends an incident. The order then matters: an old opening that
   * arrives late would reopen an ended incident.
   */
  readonly keepsIncidents: boolean;
  /**
   * The same message and instant give the same text. A message of one finding, or of none, is cut
   * until it fits, whatever it holds. `checkpoint`: the newest of the evidence log, whole, if it is
   * signed; whoever keeps the message can later show that the log was that long.
   */
  render(message: Message, at: Date, checkpoint?: string): Rendered;
}
