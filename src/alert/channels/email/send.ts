import { z } from 'zod';
import { hasUnsignedLink, type ReviewLinks } from '../../review-links.ts';
import type { AlertChannel, ChannelOptions, Delivery, OutgoingAlert } from '../channel.ts';
import { parseJson } from '../parse-json.ts';
import { emailChannel } from './describe.ts';
import { hostNameOf } from './host-name.ts';
import { composeMail, type KeptMail } from './smtp/compose-mail.ts';
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
  /** Signs links to reviews in it; undefined: this process has no key for that. */
  readonly reviewLinks?: Pick<ReviewLinks, 'sign'> | undefined;
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
  const { reviewLinks } = options;
  return {
    id,
    format: emailChannel.format,
    async deliver(alert, signal) {
      signal.throwIfAborted();
      const mail = kept.safeParse(parseJson(alert.body));
      if (!mail.success) return { kind: 'permanent', detail: 'the body is not a mail' };
      const signed = signLinks(alert, mail.data, reviewLinks);
      if (signed === undefined) return noKey;
      const recipients = readRecipients(to, alert.reached);
      const left = leftOf(recipients);
      if (left.length === 0) return settle(recipients);
      const message = await composeMail(alert, signed, { from, to: recipients.all });
      const terms = { timeoutMs, answerTimeoutMs, allowPrivateNetworks, resolve, signal };
      const result = await sendMail(readSmtpUrl(smtp), { from, to: left, message, name }, terms);
      return judgeMail(result, recipients);
    },
  };
}

/** Another process may have the key. */
const noKey: Delivery = {
  kind: 'passing',
  detail: 'the configuration of this process has no reviewLinks, which sign the links of a review',
};

/** Only mails to reviewers hold such links. Undefined if they cannot be signed here. */
function signLinks(
  { type }: Pick<OutgoingAlert, 'type'>,
  mail: KeptMail,
  links: Pick<ReviewLinks, 'sign'> | undefined,
): KeptMail | undefined {
  if (type !== 'review.asked' || !hasUnsignedLink(mail.text)) return mail;
  return links && { ...mail, text: links.sign(mail.text), html: links.sign(mail.html) };
}
