/** An answer before it is sent, and how it is sent. */
export interface SandboxReply {
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly delayMs: number;
  readonly manner: 'whole' | 'slow' | 'cut' | 'reset' | 'hang';
  /** How long a slow body takes. */
  readonly slowMs: number;
}

const json = 'application/json; charset=utf-8';
const none: Readonly<Record<string, string>> = {};

/** An answer without faults. A Buffer is sent unchanged, anything else as JSON. */
export function reply(status: number, content: object): SandboxReply {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  return { status, body, contentType: json, headers: none, delayMs: 0, manner: 'whole', slowMs: 0 };
}
