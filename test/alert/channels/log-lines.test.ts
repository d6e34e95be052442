import pino from 'pino';
import { expect, test } from 'vitest';
import { createLogChannel } from '../../../src/alert/channels/log/send.ts';
import { describeMessage } from '../../../src/alert/render/describe.ts';
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
  const resolved = [aFinding({ keyId: 'key_2', status: 'resolved', resolution: 'fixed' })];
  const waived = [aFinding({ keyId: 'key_3', status: 'waived', waiver: 'W-12' })];
  const [opened, lapsed, reminders] = [[aFinding()], [aFinding()], [aFinding()]];
  expect(await told(changed({ opened, resolved, lapsed, waived, reminders }))).toEqual([
    'alert: opened (high) flexcharge-prod/key_1 stale-45: not used for 61 days; the limit is 45 days',
    'alert: resolved, fixed (high) flexcharge-prod/key_2 stale-45: not used for 61 days; the limit is 45 days',
    'alert: no longer waived (high) flexcharge-prod/key_1 stale-45: not used for 61 days; the limit is 45 days',
    'alert: waived by W-12 (high) flexcharge-prod/key_3 stale-45: not used for 61 days; the limit is 45 days',
    'alert: still open (high) flexcharge-prod/key_1 stale-45: not used for 61 days; the limit is 45 days',
  ]);
});

test('the end of an event says who acknowledged it, how they were known and why', async () => {
  const acknowledgement = {
    ...({ by: 'ops', known: 'token', asserted: 'ann', reason: 'planned' } as const),
    at: '2026-11-29T08:00:00.000Z',
  };
  const ended = { status: 'resolved', resolution: 'acknowledged', acknowledgement } as const;
  const message = changed({ resolved: [aFinding(ended)] });
  expect(await told(message)).toEqual([
    'alert: resolved, acknowledged by ops (by token, who names ann): planned (high) flexcharge-prod/key_1 stale-45: not used for 61 days; the limit is 45 days',
  ]);
  const written: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void written.push(line) });
  const alert = { id: 'a', type: message.type, body: json.render(message, at).body, attempt: 1 };
  await createLogChannel({ id: 'console', log }).deliver(alert, never);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ findings: [{ acknowledgement }] });
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

test('any other message has the words that the other channels send, harmless too', async () => {
  for (const message of notices('nightly')) {
    const { title, lines } = describeMessage(message);
    expect(await told(message)).toEqual([`alert: ${title}`, ...lines.map((line) => `  ${line}`)]);
  }
  for (const message of notices('\u001b[2J\r\nx')) {
    for (const line of await told(message)) expect(line).not.toMatch(/[\p{Cc}]/u);
  }
  const strange = { type: 'sweep.later', data: {} } as unknown as ReturnType<typeof changed>;
  expect(await told(strange)).toEqual(['alert: sweep.later']);
});

test('without a terminal, it stays JSON without the sentence', async () => {
  const written: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void written.push(line) });
  const { body } = json.render(changed({ opened: [aFinding()] }), at);
  const alert = { id: 'alert-1', type: 'findings.changed', body, attempt: 1 };
  await createLogChannel({ id: 'console', log }).deliver(alert, never);
  // What an operator needs to acknowledge it, or to see why it ended.
  const acted = { fingerprint: 'f-1', resolution: null, waiver: null };
  expect(JSON.parse(written[0] ?? '')).toMatchObject({
    alert: 'alert-1',
    opened: 1,
    findings: [{ told: 'opened', keyId: 'key_1', ...acted }],
  });
  expect(written[0]).not.toContain('not used for 61 days');
});
