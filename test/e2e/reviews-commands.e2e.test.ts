/** @module-tag long */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MailServer, openMailServer } from '../alert/channels/mail-server.ts';
import { eventually } from '../support/eventually.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, freshKey, staleKey, type World } from './world.ts';

let world: World;
let mails: MailServer;

interface Listed {
  readonly id: string;
  readonly review: string;
  readonly status: string;
  readonly keys: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly signature: { readonly person: object; readonly reason: string } | null;
}

const reviews = async (...args: readonly string[]) => {
  const ended = await world.run(['reviews', ...args]);
  // A command says what went wrong in one line.
  const said = ended.stderr.trim().split('\n').at(-1) ?? '';
  return { code: ended.code, stdout: ended.stdout, said };
};
const listed = async () => {
  const ended = await world.run(['reviews', 'list', '--format', 'json']);
  return readJsonOutput<{ schema: string; reviews: Listed[] }>(ended);
};
const newest = async () => (await listed()).reviews[0] ?? expect.fail('no review is listed');
const mailsTo = (address: string) => mails.received.filter(({ to }) => to.includes(address));

beforeAll(async () => {
  mails = await openMailServer();
  world = await createWorld({
    inventory: [
      'source,key_id,owner',
      `vendor,${staleKey.id},ann`,
      `vendor,${freshKey.id},"bob / ""the <b>builder</b>"""`,
      '',
    ].join('\n'),
    config: {
      alerts: {
        channels: [
          {
            ...{ id: 'mail', type: 'email', from: 'keysweep@shop.example' },
            smtp: `smtp://127.0.0.1:${mails.port}`,
            to: ['security@shop.example'],
          },
        ],
        routes: [{ match: { severity: ['critical'] }, channels: ['mail'] }],
        allowPrivateNetworks: true,
      },
      owners: { ann: { email: 'ann@shop.example' } },
      reviews: [{ id: 'quarterly' }, { id: 'nothing', of: { tags: ['none'] } }],
    },
  });
});
afterAll(async () => {
  await world?.close();
  await mails?.close();
});

describe('keysweep reviews', () => {
  test('starts nothing before there are keys, nor for a review that nobody knows', async () => {
    expect(await reviews('list')).toMatchObject({ code: 0, stdout: 'No reviews.\n' });
    expect(await reviews('start', 'quarterly')).toMatchObject({
      ...{ code: 2, stdout: '' },
      said: expect.stringContaining('review quarterly: no tracked key matches; keysweep sweep'),
    });
    expect((await world.run(['sweep'])).code).toBe(1);
    expect(await reviews('start', 'nothing')).toMatchObject({
      ...{ code: 2, said: expect.stringContaining('review nothing: no tracked key matches') },
    });
    expect(await reviews('start', 'yearly')).toMatchObject({
      code: 2,
      said: expect.stringContaining('no review is called "yearly"; known: quarterly, nothing'),
    });
    expect((await reviews('start')).code).toBe(2);
    expect((await listed()).reviews).toEqual([]);
  });

  test('starts one, which lists and show print as a table, JSON and CSV', async () => {
    const started = await reviews('start', 'quarterly', '--by', 'boss');
    expect(started).toMatchObject({ code: 0, stdout: '' });
    const { id } = await newest();
    expect(started.said).toBe(
      `review ${id} lists 2 keys; 1 mail or alert to go; keysweep start, or the next run, sends them`,
    );
    expect(await listed()).toMatchObject({
      schema: 'keysweep.reviews/1',
      reviews: [
        {
          ...{ review: 'quarterly', trigger: 'request', status: 'open', keys: 2, signature: null },
          openedBy: { by: 'boss', known: 'asserted' },
          answers: { keep: 0, reduce: 0, revoke: 0, 'not-mine': 0, unanswered: 2 },
        },
      ],
    });
    const table = await reviews('list');
    expect(table.stdout).toContain(id.slice(0, 8));
    expect(table.stdout.replaceAll(/\s+/g, ' ')).toContain('0 of 2 keys answered');
    const csv = await reviews('list', '--format', 'csv');
    expect(csv.stdout.split('\r\n')[1]).toContain(`${id},quarterly,request,`);

    const short = id.slice(0, 8);
    const shown = await reviews('show', short);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('asked for by boss (asserted)');
    expect(shown.stdout).toContain('ann (by mail to ann@shop.example)');
    expect(shown.stdout).toContain('bob / "the <b>builder</b>"');
    const json = readJsonOutput<{ schema: string; keys: { keyId: string; decision: null }[] }>(
      await world.run(['reviews', 'show', short, '--format', 'json']),
    );
    expect(json).toMatchObject({ schema: 'keysweep.review/1', review: { id } });
    expect(json.keys.map(({ keyId, decision }) => [keyId, decision])).toEqual([
      [staleKey.id, null],
      [freshKey.id, null],
    ]);
    expect((await reviews('show', short, '--format', 'csv')).stdout).toContain('unanswered,ann,');
  });

  test('reminds, and after the links are withdrawn it writes to nobody', async () => {
    const { id } = await newest();
    expect(await reviews('remind', id)).toMatchObject({
      ...{ code: 0, said: expect.stringContaining('1 mail or alert to go') },
    });
    expect((await reviews('remind', id, '--quiet')).said).toBe('');
    // Over the socket of the process that holds the store, which also sends the mails.
    const running = world.launch(['start']);
    await running.says('keysweep is ready');
    await eventually('the mails arrive', () => mailsTo('ann@shop.example').length === 3);
    expect(await reviews('withdraw', id, 'eve')).toMatchObject({
      ...{ code: 2, said: expect.stringContaining('this review has no reviewer "eve"') },
    });
    expect(await reviews('withdraw', id, 'ann')).toMatchObject({
      ...{ code: 0, said: 'the links of ann have ended' },
    });
    expect(await reviews('remind', id)).toMatchObject({ code: 0, said: 'nobody is written to' });
    expect((await reviews('show', id)).stdout).toContain('link withdrawn');
    expect((await running.end('SIGTERM')).code).toBe(0);
    expect(mailsTo('ann@shop.example')).toHaveLength(3);
  });

  test('refuses an id and words that cannot be right', async () => {
    const { id } = await newest();
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['show', '00000000'], 'no review id begins with "00000000"; keysweep reviews list shows'],
      [['show', 'ann'], '"ann" is no review id'],
      [['remind', '00000000'], 'no review id begins with'],
      [['close', '00000000', '--reason', 'r'], 'no review id begins with'],
      [['withdraw', '00000000', 'ann'], 'no review id begins with'],
      [['close', id], "required option '--reason <why>' not specified"],
      [['close', id, '--reason', ''], '--reason: '],
      [['close', id, '--reason', 'x'.repeat(1_001)], '--reason: '],
      [['close', id, '--reason', 'a\u001b[2Jb'], '--reason: must not hold control characters'],
      [['close', id, '--reason', 'r', '--by', 'a\nb'], '--by: must not hold control characters'],
      [['show', id, '--format', 'sarif'], "'sarif' is invalid"],
    ];
    for (const [args, why] of wrong) {
      const { code, stdout, stderr } = await world.run(['reviews', ...args]);
      expect([args, code, stdout, stderr]).toEqual([args, 2, '', expect.stringContaining(why)]);
    }
    expect((await newest()).status).toBe('open');
  });

  test('closes once, and is signed off once after that, by a name that is marked as asserted', async () => {
    const { id } = await newest();
    expect(await reviews('close', id, '--reason', 'time is up', '--by', 'carl')).toMatchObject({
      code: 0,
      said: `review ${id} is closed, not signed off; --sign-off signs it`,
    });
    const again = await reviews('close', id, '--reason', 'again');
    expect(again).toMatchObject({ code: 2, said: expect.stringContaining('is closed already') });
    const late = await reviews('remind', id);
    expect(late).toMatchObject({ code: 2, said: expect.stringContaining('this review is closed') });
    const sign = ['close', id, '--sign-off', '--by', 'boss', '--reason', 'seen'];
    expect(await reviews(...sign)).toMatchObject({
      ...{ code: 0, said: `review ${id} is signed off` },
    });
    expect(await reviews(...sign)).toMatchObject({
      ...{ code: 2, said: expect.stringContaining('signed off already') },
    });
    expect(await newest()).toMatchObject({
      ...{ status: 'signed-off', closedBy: { by: 'carl' }, closedReason: 'time is up' },
      signature: { person: { by: 'boss', known: 'asserted' }, reason: 'seen' },
      answers: { keep: 0, unanswered: 2 },
    });
    const csv = await reviews('list', '--format', 'csv');
    expect(csv.stdout).toContain('signed_off_by,signed_off_by_way,signed_off_at_utc');
    expect(csv.stdout).toContain(',boss,asserted,');
    const shown = await reviews('show', id);
    expect(shown.stdout).toContain('signed off by boss (asserted)');
  });
});
