import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingAlert } from '../../channel.ts';

/** A mail as the outbox keeps it. */
export interface KeptMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** RFC 3339. */
  readonly date: string;
}

export interface Addresses {
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * Builds the whole message. The same alert gives the same bytes at every attempt, including its
 * Message-ID, so that mail programs can hide repeats. Its headers suppress vacation replies.
 */
export function composeMail(
  { id, type }: Pick<OutgoingAlert, 'id' | 'type'>,
  { subject, text, html, date }: KeptMail,
  { from, to }: Addresses,
): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const composer = new MailComposer({
    // As parts instead of text, so that no parser can misread them.
    from: { name: '', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject,
    text,
    html,
    date: new Date(date),
    messageId: `<${id}@${domain}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Keysweep-Type': type,
    },
    textEncoding: 'quoted-printable',
    encoding: 'quoted-printable',
    baseBoundary: id,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
