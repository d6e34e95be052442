import fc from 'fast-check';
import type { AlertFinding, Message } from '../../../src/alert/message.ts';
import { severities } from '../../../src/evaluate/policy/policy.ts';
import { aFinding } from '../a-finding.ts';
import { changed, notices } from './messages.ts';

/** What a stranger may put into a name to ping a channel, forge a link or break a layout. */
export const tricks = [
  ...['<!channel>', '<!here|here>', '<!everyone>', '<@U024BE7LH>', '<#C024BE7LR>', '@here'],
  ...['@channel', '@everyone', '<!subteam^S1|x>', '<!date^1^{date}^https://evil.example|x>'],
  ...['<https://evil.example|Approve>', 'https://evil.example/x', 'www.evil.example'],
  ...['mailto:a@evil.example', '<mailto:a@evil.example|x>', 'slack://open', 'HTTPS://EVIL.EXAMPLE'],
  ...['*b*', '_i_', '~s~', '`c`', '```', '> q', ':tada:', '&lt;!channel&gt;', '&', '"}],"x":[{"'],
  ...['<at>Ann</at>', '[a](https://evil.example)', '![a](x)', '{{DATE(2017-02-14T06:00Z, SHORT)}}'],
  ...[
    '\u0024{x}',
    '{{{',
    '# h',
    '\n',
    '\r\n',
    '\u2028',
    '\t',
    '\u0000',
    '\u001b[31m',
    '\u202e',
    '\u200b',
  ],
  ...[
    '\ufe0f',
    ':\ufe0f//',
    ':\u200b//',
    '<\u3164!channel>',
    '\ud83d',
    '\ude00',
    '😀',
    '👩‍👩‍👧',
    'é',
    '中',
  ],
  ...['z\u0300\u0301\u0302\u0303\u0304\u0305', '</script>', '\\u003c!channel>', '؜', '@\u200bhere'],
] as const;

const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
const piece = fc.oneof(fc.constantFrom(...tricks), fc.string({ unit: 'binary' }), anyUnit);

/** Any text, also far longer than any limit. */
export const anyText: fc.Arbitrary<string> = fc
  .tuple(fc.array(piece, { maxLength: 6 }), fc.constantFrom(1, 1, 1, 2, 50, 500))
  .map(([pieces, times]) => pieces.join('').repeat(times));

const anyTextOrNone = fc.option(anyText, { freq: 5 });

export const anyFinding: fc.Arbitrary<AlertFinding> = fc
  .record({
    rule: anyText,
    severity: fc.constantFrom(...severities),
    source: anyText,
    keyId: anyText,
    message: anyText,
    keyName: anyTextOrNone,
    acknowledgement: fc.option(
      fc.record({ by: anyText, at: fc.constant('2026-11-23T08:00:00.000Z'), reason: anyText }),
    ),
    keyType: anyTextOrNone,
    lastFour: anyTextOrNone,
    owner: anyTextOrNone,
    environment: anyTextOrNone,
    scopes: fc.option(fc.array(anyText, { maxLength: 30 })),
    command: anyTextOrNone,
    resolution: fc.option(fc.constantFrom('fixed', 'overdue', 'toString')),
    lapse: fc.option(
      fc.record({
        waiver: anyText,
        reason: anyText,
        cause: fc.constantFrom('expired', 'key-changed', 'no-longer-applies', 'withdrawn'),
      }),
    ),
  })
  .map(aFinding);

export const changeArray = fc.constantFrom(
  ...(['opened', 'reopened', 'resolved', 'lapsed', 'waived', 'reminders'] as const),
);

const anyUnknown = fc.record({
  rule: anyTextOrNone,
  source: anyText,
  keyId: anyText,
  reason: fc.constantFrom('timeout' as const, 'vendor-error' as const),
  detail: anyText,
});

/** Messages that are not cut into parts: of one finding, or of none. */
export const anyUncutMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.tuple(changeArray, anyFinding).map(([name, finding]) => changed({ [name]: [finding] })),
  fc.array(anyUnknown, { maxLength: 100 }).map((unknowns) => incomplete(unknowns)),
  anyText.chain((text) => fc.constantFrom(...notices(text))),
);

function incomplete(unknowns: readonly object[]): Message {
  const { data } = changed() as Extract<Message, { readonly type: 'findings.changed' }>;
  const { sweep, coverage } = data;
  return {
    type: 'sweep.incomplete',
    data: { sweep, coverage, unknowns, omitted: 7 },
  } as unknown as Message;
}

/** Every text within a JSON document, property names aside. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What no text of a chat message may hold: beginnings of links, mentions and functions. */
export const dangerous =
  /[<>]|:\/\/|\bwww\.|\b(?:mailto|tel):|@(?:here|channel|everyone|group)|\{\{|\$\{/i;
/** Controls but the line break, marks of direction, invisible and unpaired characters. */
export const hidden = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
