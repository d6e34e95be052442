import { renderCount } from '../../../../text/render-count.ts';
import { refusedAddress } from '../../../outbound.ts';
import type { Delivery } from '../../channel.ts';
import type { MailResult, RefusedRecipient, SmtpStep } from './mail-result.ts';

/** The state of each recipient of one alert, over all attempts so far. */
export interface Recipients {
  readonly all: readonly string[];
  readonly accepted: readonly string[];
  /** Permanently refused. */
  readonly refused: readonly RefusedRecipient[];
}

/**
 * Reads what earlier attempts left: `a@x.example` has the mail, `550 b@x.example` never will. No
 * address has a space. Neither gets another mail; the refused ones are reported at the end.
 */
export function readRecipients(to: readonly string[], reached: readonly string[] = []): Recipients {
  const refused = reached.flatMap((entry) => {
    const [, code, address = ''] = /^(\d+) (.+)$/.exec(entry) ?? [];
    return code === undefined ? [] : [{ address, code: Number(code) }];
  });
  const all = [...new Set(to)];
  return {
    all,
    accepted: reached.filter((address) => all.includes(address)),
    refused: refused.filter(({ address }) => all.includes(address)),
  };
}

/** The recipients of the next attempt. */
export function leftOf({ all, accepted, refused }: Recipients): readonly string[] {
  const settled = new Set([...accepted, ...refused.map(({ address }) => address)]);
  return all.filter((address) => !settled.has(address));
}

/** The result of an attempt, together with those of earlier ones. */
export function judgeMail(result: MailResult, before: Recipients): Delivery {
  switch (result.kind) {
    case 'answered':
      return judgeAnswers(result, before);
    case 'refused': {
      const detail = `answered ${wordsOf(result.code)} at ${result.at}`;
      return isPermanent(result.code, result.at)
        ? endedBy(`${detail}${hintOf(result.at)}`, [result.code], before)
        : { kind: 'passing', detail, codes: [result.code] };
    }
    case 'too-large':
      return endedBy('the mail is larger than the server takes', [], before);
    case 'refused-address':
      return { kind: 'permanent', detail: refusedAddress };
    case 'failed': {
      const what = result.connected ? 'the connection failed' : 'not reached';
      return { kind: 'passing', detail: `${what}: ${result.code}`, codes: [result.code] };
    }
    default:
      return result satisfies never;
  }
}

function judgeAnswers(
  { accepted, refused }: Extract<MailResult, { readonly kind: 'answered' }>,
  before: Recipients,
): Delivery {
  const permanent = refused.filter(({ code }) => isPermanent(code, 'RCPT'));
  const now: Recipients = {
    all: before.all,
    accepted: [...before.accepted, ...accepted],
    refused: [...before.refused, ...permanent],
  };
  const left = leftOf(now).length;
  if (left === 0) return settle(now);
  const waiting = refused.filter((one) => !permanent.includes(one));
  const refusals = now.refused.length === 0 ? '' : `; ${describeRefused(now)}`;
  return {
    kind: 'passing',
    detail: `${left} of ${renderCount(now.all.length, 'recipient')} put off: ${codesOf(waiting)}${refusals}`,
    codes: [...waiting, ...now.refused].map(({ code }) => code),
    reached: [...now.accepted, ...now.refused.map(({ code, address }) => `${code} ${address}`)],
  };
}

/** The result if every recipient has the mail or will never get it. */
export function settle(recipients: Recipients): Delivery {
  if (recipients.refused.length === 0) return { kind: 'delivered' };
  const refused = describeRefused(recipients);
  const codes = recipients.refused.map(({ code }) => code);
  return recipients.accepted.length === 0
    ? { kind: 'permanent', detail: refused, codes }
    : { kind: 'delivered', refused, codes };
}

/** The result if all remaining recipients have permanently refused the message. */
function endedBy(detail: string, codes: readonly number[], before: Recipients): Delivery {
  if (before.accepted.length === 0) return { kind: 'permanent', detail, codes };
  const without = before.all.length - before.accepted.length;
  const refused = `${without} of ${renderCount(before.all.length, 'recipient')} refused: ${detail}`;
  return { kind: 'delivered', refused, codes };
}

function describeRefused({ all, refused }: Recipients): string {
  return `${refused.length} of ${renderCount(all.length, 'recipient')} refused: ${codesOf(refused)}`;
}

function codesOf(refused: readonly RefusedRecipient[]): string {
  const codes = new Set(refused.map(({ code }) => wordsOf(code)));
  return codes.size === 0 ? 'no answer' : `answered ${[...codes].sort().join(', ')}`;
}

function wordsOf(code: number): string {
  return code === 0 ? 'without a code' : String(code);
}

/**
 * Whether the same mail would get the same answer tomorrow. A refused connection or greeting is a
 * state of the server, as in Postfix. 503 is about the order of commands; 552 to a recipient means
 * a full mailbox, or too many recipients at once (RFC 5321, 4.5.3.1.10). A refused password stays
 * refused, and a day of retries could lock the account.
 */
function isPermanent(code: number, at: SmtpStep): boolean {
  if (code < 500 || code > 599 || at === 'CONN' || at === 'EHLO' || at === 'HELO') return false;
  if (at === 'AUTH') return true;
  return code !== 503 && !(at === 'RCPT' && code === 552);
}

function hintOf(at: SmtpStep): string {
  return at === 'STARTTLS' ? '; ?starttls=optional in the URL permits mail in clear' : '';
}
