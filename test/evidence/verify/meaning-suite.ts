import { describe, expect, test } from 'vitest';
import { signRotation } from '../../../src/evidence/log/key-rotation.ts';
import type { Quorum } from '../../../src/evidence/log/log-policy.ts';
import type { Trust } from '../../../src/evidence/verify/trust.ts';
import { day, Installation, keyOf, type Night, origin } from './installation.ts';
import { makePack } from './make-pack.ts';
import {
  afterNight,
  nightAt,
  nights,
  packOf,
  start,
  trust,
  type Verify,
  wrongBy,
} from './scenes.ts';

const hour = 3_600_000;

/** Nights without those of some indexes, signed at the end. */
function without(count: number, ...left: number[]): Installation {
  const home = new Installation().begin(start);
  for (let index = 0; index < count; index += 1) {
    if (!left.includes(index)) home.sweep({ dueAt: nightAt(index) });
  }
  home.sign(afterNight(count - 1, 700_000));
  return home;
}

/** What an intact pack leaves open is said, and so is whose signatures count, by whatever verifies. */
export function saysWhatIsOpen(verify: Verify): void {
  const wrongOf = wrongBy(verify);
  const messagesOf = async (...given: Parameters<Verify>): Promise<readonly string[]> => {
    const { problems } = await verify(...given);
    return problems.map(({ exit, code, message }) => `${exit} ${code}: ${message}`);
  };

  describe('what was due', () => {
    test('names each night that nothing explains', async () => {
      expect(await messagesOf(packOf(without(7, 2, 3, 5), 7))).toEqual([
        '3 gap: a sweep was due 2 times from 2026-01-03T02:00:00.000Z to 2026-01-04T02:00:00.000Z, and the log has neither a sweep nor a reason',
        '3 gap: a sweep was due 2026-01-06T02:00:00.000Z, and the log has neither a sweep nor a reason',
      ]);
    });

    test('names missed and skipped nights, and lets a range explain no more than it counts', async () => {
      const home = new Installation().begin(start);
      home.sweep({ dueAt: nightAt(0) });
      const [from, to] = [nightAt(1).toISOString(), nightAt(3).toISOString()];
      home.tell(
        { event: 'sweep-missed', schedule: 'nightly', from, to, ticks: 2 },
        afterNight(3, 1),
      );
      const dueAt = nightAt(4).toISOString();
      const skipped = { event: 'sweep-skipped', schedule: 'nightly', dueAt } as const;
      home.tell({ ...skipped, because: 'overlap' }, afterNight(4, 1));
      home.sweep({ dueAt: nightAt(5) });
      home.sign(afterNight(5, 700_000));
      const { ticks } = await verify(packOf(home, 6));
      expect(ticks).toEqual({
        ...{ due: 6, held: 2, late: 0, missed: 2, skipped: 1, pending: 0, unexplained: 1 },
      });
      expect((await wrongOf(packOf(home, 6))).map((one) => one.split(' ')[1])).toEqual([
        ...['missed', 'gap', 'skipped'],
      ]);
    });

    test('takes a night whose sweep may still be open for pending, up to its deadline', async () => {
      const pack = (ms: number) => {
        const home = without(2, 1);
        home.tell({ event: 'policy-set', version: '2' }, afterNight(1, ms));
        home.sign(afterNight(1, ms));
        return makePack(home, { from: start, to: afterNight(1, hour) });
      };
      // One hour to catch up, and eight for the sweep.
      expect(await wrongOf(pack(9 * hour - 1))).toEqual(['3 pending at schedule nightly']);
      expect(await wrongOf(pack(9 * hour))).toEqual(['3 gap at schedule nightly']);
    });

    test('takes no night for held that was appended later, whatever its leaf says of itself', async () => {
      const home = without(17, 2);
      home.sweep({
        ...{ dueAt: nightAt(2), closedAt: afterNight(16, hour) },
        lie: {
          closedAt: afterNight(2, 600_000).toISOString(),
          deadlineAt: afterNight(20, 0).toISOString(),
        },
      });
      home.sign(afterNight(16, hour));
      const { problems, ticks } = await verify(packOf(home, 17));
      expect(problems).toEqual([
        {
          ...{ exit: 3, code: 'late-closing', place: 'leaf 20' },
          message:
            'sweep 00000000-0000-4000-8000-000000000017 was due 2026-01-03T02:00:00.000Z and had to be closed by 2026-01-03T11:00:00.000Z, and its leaf was written at 2026-01-17T03:00:00.000Z, over an hour after that',
        },
      ]);
      expect(ticks).toMatchObject({ due: 17, held: 16, late: 1 });
    });

    test('takes a sweep for held up to an hour after its deadline', async () => {
      const pack = (ms: number, more: Partial<Night['lie']> = {}) => {
        const home = new Installation().begin(start);
        home.sweep({ dueAt: nightAt(0), closedAt: afterNight(0, ms), lie: more });
        home.sign(afterNight(0, ms));
        return packOf(home, 1);
      };
      expect(await wrongOf(pack(9 * hour))).toEqual([]);
      expect(await wrongOf(pack(9 * hour + 1))).toEqual(['3 late-closing at leaf 4']);
      // The schedule lets it open an hour late.
      const caughtUp = {
        trigger: 'catch-up' as const,
        openedAt: afterNight(0, hour).toISOString(),
        deadlineAt: afterNight(0, 9 * hour).toISOString(),
      };
      expect(await wrongOf(pack(10 * hour, caughtUp))).toEqual([]);
      expect(await wrongOf(pack(10 * hour + 1, caughtUp))).toEqual(['3 late-closing at leaf 4']);
      // Nobody waits for a sweep on request.
      const asked = { trigger: 'request' as const, schedule: null, dueAt: null };
      expect(await wrongOf(pack(30 * hour, asked))).toEqual(['3 gap at schedule nightly']);
    });

    test('says of a sweep that an outage interrupted what it could not judge, and that it is late', async () => {
      const home = new Installation().begin(start);
      const keys = [{ keyId: 'k1', verdict: 4 }] as const;
      home.sweep({ dueAt: nightAt(0), closedAt: afterNight(1, -hour), keys });
      home.sweep({ dueAt: nightAt(1) });
      home.sign(afterNight(1, 700_000));
      expect(await wrongOf(packOf(home, 2))).toEqual([
        ...['3 late-closing at leaf 4', '3 incomplete-sweep at leaf 4'],
      ]);
    });

    test('takes a night for held that was swept again after the clock was set back', async () => {
      const home = new Installation().begin(start);
      home.sweep({ dueAt: nightAt(0) });
      home.sweep({ dueAt: nightAt(1) });
      home.sweep({ dueAt: nightAt(0), closedAt: afterNight(1, 600_000) });
      home.sign(afterNight(1, 700_000));
      expect(await wrongOf(packOf(home, 2))).toEqual([]);
    });

    test('knows the schedule that was in force at each time', async () => {
      const home = new Installation().begin(start);
      home.sweep({ dueAt: nightAt(0) });
      home.schedule(afterNight(0, 4 * hour), { cron: '0 5 * * *' });
      home.sweep({ dueAt: afterNight(1, 3 * hour) });
      home.tell({ event: 'schedule-removed', schedule: 'nightly' }, afterNight(1, 4 * hour));
      home.schedule(afterNight(3, 0), {});
      home.sweep({ dueAt: nightAt(4) });
      home.sign(afterNight(4, 700_000));
      expect(await messagesOf(packOf(home, 5))).toEqual([
        '3 not-covered: 2026-01-02T06:00:00.000Z to 2026-01-04T02:00:00.000Z is not covered: the log had no schedule then',
      ]);
    });

    test('counts one tick on the nights on which clocks change', async () => {
      // Berlin jumps over 02:30 on 29 March 2026, and has it twice on 25 October.
      for (const [from, due, other] of [
        ['2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z'],
        ['2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
      ] as const) {
        const pack = (dueAt: string) => {
          const home = new Installation().begin(new Date(from), '30 2 * * *', 'Europe/Berlin');
          home.sweep({ dueAt: new Date(dueAt) });
          const end = new Date(Date.parse(from) + day);
          home.tell({ event: 'policy-set', version: '2' }, end);
          home.sign(end);
          return makePack(home, { from: new Date(from), to: end });
        };
        expect(await wrongOf(pack(due))).toEqual([]);
        expect(await wrongOf(pack(other))).toEqual(['3 gap at schedule nightly']);
      }
    });

    test('says which part of a period the log does not cover', async () => {
      const files = packOf(nights(3), 3);
      const newest = afterNight(2, 600_000);
      expect(await wrongOf(files, { to: newest })).toEqual([]);
      const later = new Date(newest.getTime() + 1);
      expect(await wrongOf(files, { to: later })).toEqual(['3 not-covered at period']);
      const earlier = new Date(start.getTime() - 1);
      expect(await wrongOf(files, { from: earlier })).toEqual(['3 not-covered at period']);
    });

    test('says of a time before or after the pack that it is not covered', async () => {
      const files = packOf(nights(3), 3);
      expect(await wrongOf(files, { from: afterNight(9, 0) })).toEqual([
        ...['3 not-covered at period', '3 no-sweep at period'],
      ]);
      expect(await wrongOf(files, { to: afterNight(-9, 0) })).toEqual([
        ...['3 not-covered at period', '3 no-sweep at period'],
      ]);
    });

    test('never holds for a period without a sweep', async () => {
      const files = packOf(nights(3), 3);
      const [from, to] = [afterNight(0, hour), afterNight(0, 2 * hour)];
      expect(await wrongOf(files, { from, to })).toEqual(['3 no-sweep at period']);
    });

    test('names sweeps that could not judge every key, and invented ones', async () => {
      const home = new Installation().begin(start);
      home.sweep({ dueAt: nightAt(0), keys: [{ keyId: 'k1', verdict: 4 }] });
      home.sweep({ dueAt: nightAt(1), keys: [{ keyId: 'k1', verdict: 1, partial: true }] });
      const [from, to] = [nightAt(0).toISOString(), nightAt(1).toISOString()];
      home.tell({ event: 'simulated', sweeps: 2, from, to }, afterNight(1, 650_000));
      home.sign(afterNight(1, 700_000));
      expect(await wrongOf(packOf(home, 2))).toEqual([
        ...[
          '3 incomplete-sweep at leaf 4',
          '3 incomplete-sweep at leaf 5',
          '3 simulated at leaf 6',
        ],
      ]);
    });
  });

  test.each([
    ['verdicts', { verdicts: { pass: 2, fail: 0, waived: 1, unknown: 0 } }],
    ['coverage', { coverage: { tracked: 4, audited: 4, unknown: 0, partial: 0 } }],
    ['status', { status: 'incomplete' }],
    ['keysRoot', { keysRoot: Buffer.alloc(32).toString('base64') }],
    ['sweep', { sweep: '00000000-0000-4000-8000-000000000099' }],
  ] as const)('recomputes the %s of a sweep', async (_what, lie) => {
    const home = new Installation().begin(start);
    home.sweep({ dueAt: nightAt(0), lie });
    home.sign(afterNight(0, 700_000));
    expect(await wrongOf(packOf(home, 1))).toContain('1 sweep-differs at leaf 4');
  });

  describe('evidence that was removed because of its age', () => {
    const pruned = (age: number, retentionMs = 400 * day) => {
      const home = nights(1);
      home.prune(0, new Date(afterNight(0, 600_000).getTime() + age), retentionMs);
      home.sign(afterNight(0, 600_000 + age));
      return packOf(home, 1);
    };

    test('may be absent once it is as old as the retention then in force', async () => {
      expect(await wrongOf(pruned(400 * day))).toEqual(['3 pruned at leaf 4']);
      expect(await wrongOf(pruned(400 * day - 1))).toContain('1 pruned-early at leaf 5');
      // What the removal says of the retention counts for nothing.
      expect(await wrongOf(pruned(400 * day - 1, 1))).toContain('1 pruned-early at leaf 5');
    });

    test('is absent outside the period that is asked for', async () => {
      const home = nights(3);
      home.prune(0, afterNight(400, 700_000));
      home.sign(afterNight(400, 700_000));
      const files = packOf(home, 3);
      expect(await wrongOf(files, { from: afterNight(0, hour) })).toEqual([]);
      expect(await wrongOf(files)).toEqual(['3 pruned at leaf 4']);
    });
  });

  describe('a key that was replaced', () => {
    const [old, next] = [keyOf(origin), keyOf(origin, 1, 'next')];
    const trusts = (...keys: (typeof old)[]): Trust => {
      return { ...trust, logKeys: keys.map(({ verifier }) => verifier) };
    };
    const rotated = (signer = next, rotation = signRotation(old, next)) => {
      const home = nights(1);
      home.tell({ event: 'key-rotated', ...rotation }, afterNight(0, 700_000));
      home.key = signer;
      home.sweep({ dueAt: nightAt(1) });
      home.sign(afterNight(1, 700_000));
      return packOf(home, 2);
    };

    test('vouches for the next one, and the next one for it', async () => {
      expect(await wrongOf(rotated(), { trust: trusts(old) })).toEqual([]);
      expect(await wrongOf(rotated(), { trust: trusts(next) })).toEqual([]);
    });

    test('vouches over several changes, from any of its keys', async () => {
      const third = keyOf(origin, 1, 'third');
      const home = nights(1);
      home.tell({ event: 'key-rotated', ...signRotation(old, next) }, afterNight(0, 700_000));
      home.tell({ event: 'key-rotated', ...signRotation(next, third) }, afterNight(0, 800_000));
      home.key = third;
      home.sign(afterNight(0, 900_000));
      for (const key of [old, next, third]) {
        expect(await wrongOf(packOf(home, 1), { trust: trusts(key) })).toEqual([]);
      }
    });

    test('says nothing of a pack from before, which only the old one signed', async () => {
      const { problems } = await verify(packOf(nights(3), 3), { trust: trusts(next) });
      expect(problems).toMatchObject([
        { exit: 1, code: 'untrusted-signature', place: 'checkpoint' },
      ]);
      expect(problems[0]?.message).toMatch(
        /you gave another key than that of this log at that time/,
      );
      expect(await wrongOf(packOf(nights(3), 3), { trust: trusts(next, old) })).toEqual([]);
    });

    const thief = keyOf(origin, 1, 'thief');
    test.each([
      ['after it', signRotation(old, thief)],
      ['before it', signRotation(thief, old)],
    ])(
      'vouches for no other key %s: whoever stole it would become the log',
      async (_what, stolen) => {
        const home = nights(1);
        home.tell({ event: 'key-rotated', ...signRotation(old, next) }, afterNight(0, 700_000));
        home.key = next;
        home.sign(afterNight(0, 800_000));
        home.tell({ event: 'key-rotated', ...stolen }, afterNight(0, 900_000));
        home.key = thief;
        home.sign(afterNight(0, 900_000));
        for (const trusted of [trusts(old), trusts(next), trusts(old, next)]) {
          expect(await wrongOf(packOf(home, 1), { trust: trusted })).toEqual([
            '1 wrong-rotation at leaf 6',
            '1 untrusted-signature at policy.txt',
            '1 untrusted-signature at checkpoint',
          ]);
        }
      },
    );

    test('signs nothing more', async () => {
      expect(await wrongOf(rotated(old), { trust: trusts(old) })).toEqual([
        '1 retired-key at checkpoint',
      ]);
    });

    test('needs the signatures of both', async () => {
      const forged = {
        ...signRotation(old, thief),
        oldSignature: Buffer.alloc(64).toString('base64'),
      };
      const wrong = await wrongOf(rotated(thief, forged), { trust: trusts(old) });
      expect(wrong).toContain('1 wrong-rotation at leaf 5');
      expect(wrong).toContain('1 untrusted-signature at checkpoint');
      const own = rotated(thief, signRotation(keyOf(origin, 1, 'x'), thief));
      expect(await wrongOf(own, { trust: trusts(old) })).toContain('1 wrong-rotation at leaf 5');
    });
  });

  describe('witnesses', () => {
    const [one, two] = [keyOf('one', 4), keyOf('two', 4)];
    const asking = (threshold: number): Trust => {
      const witnesses = [one, two].map(({ verifier }) => verifier);
      const members = witnesses.map((key) => {
        return { kind: 'witness', witness: { name: key.name, key, url: null } } as const;
      });
      const quorum: Quorum = { kind: 'group', name: 'all', threshold, members };
      return { ...trust, witnesses, quorum };
    };

    test('must be as many as the quorum asks for', async () => {
      const files = packOf(nights(1, { witnesses: [one] }), 1);
      expect(await wrongOf(files, { trust: asking(1) })).toEqual([]);
      expect(await wrongOf(files, { trust: asking(2) })).toEqual([
        ...['3 below-quorum at checkpoint', '3 below-quorum at leaf 4'],
      ]);
    });

    test('must have cosigned within an hour of the deadline', async () => {
      const pack = (ms: number) => {
        const home = new Installation({ witnesses: [one] }).begin(start);
        home.sweep({ dueAt: nightAt(0) });
        home.sign(afterNight(0, ms));
        return packOf(home, 1);
      };
      expect(await wrongOf(pack(9 * hour), { trust: asking(1) })).toEqual([]);
      expect(await wrongOf(pack(9 * hour + 1_000), { trust: asking(1) })).toEqual([
        '3 late-cosignature at leaf 4',
      ]);
    });

    test('must have cosigned by what its schedule allows, whatever deadline a sweep says', async () => {
      const pack = (ms: number) => {
        const home = new Installation({ witnesses: [one] }).begin(start);
        const deadlineAt = afterNight(0, 30 * day).toISOString();
        home.sweep({ dueAt: nightAt(0), lie: { deadlineAt } });
        home.sign(afterNight(0, ms));
        return packOf(home, 1);
      };
      // The schedule lets it open an hour late, and stay open for eight.
      expect(await wrongOf(pack(10 * hour), { trust: asking(1) })).toEqual([]);
      expect(await wrongOf(pack(10 * hour + 1_000), { trust: asking(1) })).toEqual([
        '3 late-cosignature at leaf 4',
      ]);
    });

    test('know better than the log when a sweep was closed', async () => {
      const pack = (writtenMs: number, signedMs: number) => {
        const home = new Installation({ witnesses: [one] }).begin(start);
        home.sweep({ dueAt: nightAt(0), closedAt: afterNight(0, writtenMs) });
        home.sign(afterNight(0, signedMs));
        return packOf(home, 1);
      };
      // The clock of the host ran ahead, and was set back.
      expect(await wrongOf(pack(14 * day, hour), { trust: asking(1) })).toEqual([]);
      const late = pack(14 * day, 14 * day);
      expect(await wrongOf(late, { trust: asking(1) })).toEqual(['3 late-cosignature at leaf 4']);
      expect(await wrongOf(late, { trust: asking(2) })).toEqual([
        '3 below-quorum at checkpoint',
        '3 late-closing at leaf 4',
        '3 below-quorum at leaf 4',
      ]);
    });

    test('whose keys nobody knows are named', async () => {
      const files = packOf(nights(1, { witnesses: [one] }), 1);
      expect(await wrongOf(files)).toEqual([]);
      const stranger = nights(1, { witnesses: [one] });
      stranger.witnesses = [];
      expect(await wrongOf(packOf(stranger, 1))).toEqual(['3 unknown-signature at checkpoint']);
    });
  });

  test('says that nobody signed', async () => {
    expect(await wrongOf(packOf(nights(2, { key: null }), 2))).toEqual([
      ...['3 unsigned at checkpoints/5', '3 unsigned at checkpoint'],
    ]);
  });

  test.each([['checkpoint'], ['checkpoints/5']])(
    'takes no %s without a signature where others have one: a forged end could be left unsigned',
    async (path) => {
      const files = packOf(nights(2), 2);
      const [text] = files.get(path)!.toString().split('\n\n');
      files.set(path, Buffer.from(`${text}\n\n`));
      expect(await wrongOf(files)).toEqual([`1 untrusted-signature at ${path}`]);
    },
  );
}
