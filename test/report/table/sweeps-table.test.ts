import { describe, expect, test } from 'vitest';
import { renderSweepsCsv } from '../../../src/report/csv/lists-csv.ts';
import { renderSweepsJson } from '../../../src/report/json.ts';
import type { ListedSweep } from '../../../src/report/model.ts';
import { renderSweepsTable } from '../../../src/report/table/sweeps-table.ts';
import { aSweep, gather, openedAt, stream } from '../world.ts';

const aListedSweep = (difference: Partial<ListedSweep> = {}): ListedSweep => ({
  ...aSweep(),
  ...{ stoppedAt: null, tracked: 415, pending: 0 },
  coverage: { tracked: 415, audited: 412, unknown: 3, partial: 1 },
  verdicts: { pass: 390, fail: 20, waived: 2, unknown: 3 },
  ...difference,
});
const running = aListedSweep({
  ...{ status: 'open', closedAt: null, pending: 15, coverage: null, verdicts: null },
  ...{ trigger: 'request', schedule: null, dueAt: null, scope: 'partial' },
});
const stopped = aListedSweep({ stoppedAt: openedAt });

describe('a list of sweeps', () => {
  const table = (sweeps: readonly ListedSweep[], columns = 200) =>
    gather(renderSweepsTable(stream(sweeps), { color: false, columns }));

  test('says when each was due and ran, its coverage and its verdicts', async () => {
    const [, head, row, more] = (await table([aListedSweep(), stopped])).split('\n');
    expect(head).toMatch(/^ {2}SWEEP +TRIGGER +DUE +OPENED +CLOSED +STATUS, COVERAGE, VERDICTS$/);
    expect(row).toMatch(/^ {2}019ab0de {2}schedule nightly( {2}2026-11-23 07:3\d:\d\dZ){3} {2}/);
    expect(row).toMatch(
      / {2}incomplete; 412 of 415 audited, 3 unknown; 1 audited only in part; 390 pass, 20/,
    );
    expect(more).toMatch(/^ +(2 waived, 3 )?unknown$/);
    expect(await table([stopped])).toContain('  incomplete, stopped; 412 of 415 audited');
  });

  test('says of a running one how far it is', async () => {
    const [, , row] = (await table([running])).split('\n');
    expect(row).toMatch(
      /^ {2}019ab0de {2}request +– +2026.*Z +– +open, partial; 400 of 415 judged$/,
    );
    expect(await table([])).toBe('No sweeps.\n');
  });

  test('holds the same in JSON and in CSV', async () => {
    const json = JSON.parse(await gather(renderSweepsJson(stream([aListedSweep(), running]))));
    expect(json).toMatchObject({
      schema: 'keysweep.sweeps/1',
      sweeps: [
        {
          ...{ id: aSweep().id, trigger: 'schedule', schedule: 'nightly', status: 'incomplete' },
          ...{ dueAt: openedAt.toISOString(), stoppedAt: null, pending: 0 },
          ...{ coverage: { unknown: 3 }, verdicts: { pass: 390, fail: 20, waived: 2, unknown: 3 } },
        },
        {
          status: 'open',
          dueAt: null,
          closedAt: null,
          pending: 15,
          coverage: null,
          verdicts: null,
        },
      ],
    });
    const [head, first, second] = (await gather(renderSweepsCsv(stream([stopped, running])))).split(
      /\r?\n/,
    );
    expect(head).toMatch(/^\W*id,trigger,schedule,due_at_utc,.*,policy_hash,simulated$/);
    expect(first).toContain(',nightly,2026-11-23 07:30:00,');
    expect(second).toContain('request,,,2026-11-23 07:30:00,,,open,partial,415,15,,,');
  });
});
