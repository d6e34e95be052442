import { z } from 'zod';
import type { AlertChannel, ChannelOptions } from '../channel.ts';
import { parseJson } from '../parse-json.ts';
import { emailChannel } from './describe.ts';
import { hostNameOf } from './host-name.ts';
import { composeMail } from './smtp/compose-mail.ts';
import { judgeMail, leftOf, readRecipients, settle } from './smtp/judge-mail.ts';
import { readSmtpUrl } from './smtp/read-smtp-url.ts';
import { sendMail } from './smtp/send-mail.ts';

/** `timeoutMs`: up to the end of the message, 20 s by default. */
export interface EmailOptions extends Omit<ChannelOptions, 'url'> {
  readonly smtp: string;
  readonly from: string;
  readonly to: readonly string[];
  /** What EHLO calls this machine; the domain of `from` unless given. */
  readonly name?: string | undefined;
  /** For the answer to the whole message: 60 s by default. Servers that scan mail are slow. */
  readonly answerTimeoutMs?: number;
}

const kept = z.strictObject({
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  date: z.iso.datetime(),
});

/**
 * A channel that mails each alert to all recipients at once. A later attempt leaves out those that
 * have it or refused it permanently. If the connection is lost between the end of the message and
 * the answer, the mail may have arrived: it is sent again with the same Message-ID.
 */
export function createEmailChannel(options: EmailOptions): AlertChannel {
  const { id, smtp, from, to, allowPrivateNetworks, resolve } = options;
  const { timeoutMs = 20_000, answerTimeoutMs = 60_000, name = hostNameOf(from) } = options;
  return {
    id,
    format: emailChannel.format,
    async deliver(alert, signal) {
      signal.throwIfAborted();
      const mail = kept.safeParse(parseJson(alert.body));
      if (!mail.success) return { kind: 'permanent', detail: 'the body is not a mail' };
      const recipients = readRecipients(to, alert.reached);
      const left = leftOf(recipients);
      if (left.length === 0) return settle(recipients);
      const message = await composeMail(alert, mail.data, { from, to: recipients.all });
      const terms = { timeoutMs, answerTimeoutMs, allowPrivateNetworks, resolve, signal };
      const result = await sendMail(readSmtpUrl(smtp), { from, to: left, message, name }, terms);
      return judgeMail(result, recipients);
    },
  };
}
