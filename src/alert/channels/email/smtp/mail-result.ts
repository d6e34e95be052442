import type { NodemailerError } from 'nodemailer/lib/errors';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { addressRefused } from '../../../outbound.ts';

/** A recipient that the server refused, and its answer; 0 if the answer had no code. */
export interface RefusedRecipient {
  readonly address: string;
  readonly code: number;
}

/** The result of an attempt to send a mail. From the server it holds codes only. */
export type MailResult =
  /** The server took the message for `accepted`, which is empty if it refused all recipients. */
  | {
      readonly kind: 'answered';
      readonly accepted: readonly string[];
      readonly refused: readonly RefusedRecipient[];
    }
  /** An answer that ended the attempt; `at` is the command that it answers. */
  | { readonly kind: 'refused'; readonly code: number; readonly at: SmtpStep }
  /** The message is larger than the server's stated limit. */
  | { readonly kind: 'too-large' }
  | { readonly kind: 'refused-address' }
  | { readonly kind: 'failed'; readonly code: string; readonly connected: boolean };

const steps = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA'] as const;
export type SmtpStep = (typeof steps)[number];

export function resultOfSend({
  accepted,
  rejectedErrors = [],
}: Pick<SMTPConnectionSendInfo, 'accepted' | 'rejectedErrors'>): MailResult {
  return { kind: 'answered', accepted: [...accepted], refused: rejectedErrors.map(refusedOf) };
}

/** `connected`: whether there was a connection when it failed. */
export function resultOfError(error: unknown, connected: boolean): MailResult {
  const { code, originalCode, responseCode, command, rejectedErrors } = error as NodemailerError;
  if (code === addressRefused) return { kind: 'refused-address' };
  if (rejectedErrors !== undefined) return resultOfSend({ accepted: [], rejectedErrors });
  const at = steps.find((step) => command?.startsWith(step)) ?? 'CONN';
  if (responseCode !== undefined) return { kind: 'refused', code: responseCode, at };
  if (code === 'EMESSAGE' && at === 'MAIL') return { kind: 'too-large' };
  return { kind: 'failed', code: safeCode(originalCode ?? code), connected };
}

function refusedOf({ recipient = '', responseCode = 0 }: NodemailerError): RefusedRecipient {
  return { address: recipient, code: responseCode };
}

/** Only what looks like a code is passed on. */
function safeCode(code: unknown): string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'UNKNOWN';
}
