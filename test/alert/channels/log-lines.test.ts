import pino from 'pino';
import { expect, test } from 'vitest';
import { createLogChannel } from '../../../src/alert/channels/log/send.ts';
import { json } from '../../../src/alert/render/json.ts';
import { aFinding } from '../a-finding.ts';
import { changed, notices } from '../render/messages.ts';

const at = new Date('2026-11-23T02:31:00Z');
const never = new AbortController().signal;

async function told(message: Parameters<typeof json.render>[0]): Promise<readonly string[]> {
  const lines: string[] = [];
  const written: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void written.push(line) });
  const channel = createLogChannel({ id: 'console', log, tell: (line) => void lines.push(line) });
  const { body } = json.render(message, at);
  const alert = { id: 'alert-1', type: message.type, body, attempt: 1 };
  expect(await channel.deliver(alert, never)).toEqual({ kind: 'delivered' });
  expect(written).toEqual([]);
  return lines;
}

test('at a terminal, the log channel writes one readable line per finding', async () => {
  const resolved = [aFinding({ keyId: 'key_2', status: 'resolved' })];
  expect(await told(changed({ opened: [aFinding()], resolved, reminders: [aFinding()] }))).toEqual([
    'alert: opened (high) flexcharge-prod/key_1 stale-45: not used for 61 days; the limit is 45 days',
    'alert: resolved (high) flexcharge-prod/key_2 stale-45: not used for 61 days; the limit is 45 days',
    'alert: still open (high) flexcharge-prod/key_1 stale-45: not used for 61 days; the limit is 45 days',
  ]);
});

test('no text moves the cursor of the terminal', async () => {
  const hostile = '\u001b[2J\r\nx';
  for (const line of await told(
    changed({ opened: [aFinding({ keyId: hostile, message: hostile })] }),
  )) {
    expect(line).not.toMatch(/[\p{Cc}]/u);
  }
});

test('a hundred findings are listed and the others counted', async () => {
  const opened = Array.from({ length: 103 }, (_, n) => aFinding({ keyId: `key_${n}` }));
  const lines = await told(changed({ opened }));
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toBe('alert: and 3 more; keysweep findings lists them');
});

test('any other message is one line', async () => {
  for (const message of notices('nightly')) {
    expect(await told(message)).toEqual([`alert: ${message.type}`]);
  }
});

test('without a terminal, it stays JSON without the sentence', async () => {
  const written: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void written.push(line) });
  const { body } = json.render(changed({ opened: [aFinding()] }), at);
  const alert = { id: 'alert-1', type: 'findings.changed', body, attempt: 1 };
  await createLogChannel({ id: 'console', log }).deliver(alert, never);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ alert: 'alert-1', opened: 1 });
  expect(written[0]).not.toContain('not used for 61 days');
});
