import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSchedules } from '../../../src/cli/config/schedules.ts';
import { workspace } from '../../policy-test/workspace.ts';
import { collect, nobody, run } from '../run.ts';

function configWith(schedules: string): string {
  const folder = workspace('', {
    'keysweep.yaml':
      'store: { url: "postgres://nobody@127.0.0.1:1/none" }\n' +
      'inventory: [{ file: keys.csv }]\npolicy: policy.yaml\n' +
      'sources: [{ id: prod, type: flexcharge, environment: sandbox, appKey: a, appSecret: b }]\n' +
      `schedules: ${schedules}\n`,
    'keys.csv': 'source,key_id\nprod,key_1\n',
    'policy.yaml': 'version: "1"\nrules: [{ id: a, type: unowned, severity: low }]\n',
  });
  return join(folder, 'keysweep.yaml');
}

async function list(format: 'table' | 'json' | 'csv', at = '2027-03-13T12:00:00Z') {
  const config = configWith(
    '[{ id: nightly, cron: "30 2 * * *", timezone: America/New_York }, { id: all, cron: "@monthly" }]',
  );
  const out = collect();
  const err = collect();
  const signal = new AbortController().signal;
  const terminal = { env: {}, cwd: '/', stdin: nobody, stdout: out.stream, stderr: err.stream };
  const options = { config, format, quiet: false, color: false };
  const code = await runSchedules({ ...terminal, signal }, options, new Date(at));
  expect({ code, stderr: err.text() }).toEqual({ code: 0, stderr: '' });
  return out.text();
}

test('the next five instants of each schedule are listed in its zone, with the clock change', async () => {
  const text = await list('table');
  expect(text.split('\n').slice(0, 8)).toEqual([
    'Schedules',
    expect.stringMatching(/^ +DUE, IN ITS ZONE +IN UTC +CLOCK CHANGE$/),
    'nightly  30 2 * * *  America/New_York',
    expect.stringMatching(
      /^ +Sun 2027-03-14 03:00 -04:00 +2027-03-14 07:00:00Z +the clock jumps over 02:30: due at/,
    ),
    expect.stringMatching(/^ +Mon 2027-03-15 02:30 -04:00 +2027-03-15 06:30:00Z$/),
    ...Array(3).fill(expect.stringMatching(/02:30 -04:00/)),
  ]);
  expect(text).toMatch(/\nall {2}@monthly {2}UTC\n +Thu 2027-04-01 00:00 \+00:00/);
  expect(await list('table', '2026-10-31T12:00:00Z')).not.toContain('comes twice');
});

test('a script reads them as JSON or CSV', async () => {
  const { schema, schedules } = JSON.parse(await list('json'));
  expect(schema).toBe('keysweep.schedules/1');
  expect(schedules).toHaveLength(2);
  expect(schedules[0]).toMatchObject({ id: 'nightly', timezone: 'America/New_York' });
  expect(schedules[0].next).toHaveLength(5);
  expect(schedules[0].next[0]).toEqual({
    at: '2027-03-14T07:00:00.000Z',
    local: '2027-03-14T03:00:00-04:00',
    change: 'skipped',
    named: '02:30',
  });
  const rows = (await list('csv')).split('\r\n');
  expect(rows).toHaveLength(12);
  expect(rows[1]).toBe(
    'nightly,30 2 * * *,America/New_York,2027-03-14 07:00:00,2027-03-14T03:00:00-04:00,skipped,' +
      'the clock jumps over 02:30: due at the first instant after',
  );
});

test('the command needs no store and says where there is no schedule', async () => {
  const { code, stdout } = await run(['schedules', '--config', configWith('[]')]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'No schedules.\n' });
});

test('a line with seconds is refused with the line that it could be', async () => {
  const config = configWith('[{ id: nightly, cron: "0 30 2 * * *" }]');
  const { code, stdout, stderr } = await run(['schedules', '--config', config]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/keysweep\.yaml:5:\d+ schedules\[?.*cron: is not a cron line: it has 6/);
  expect(stderr).toContain('without seconds it is "30 2 * * *"');
});
