import { expect, test } from 'vitest';
import { readCases } from '../../src/policy-test/read-cases.ts';
import { runCases } from '../../src/policy-test/run-cases.ts';
import { workspace } from './workspace.ts';

const policy = `version: "7"
rules:
  - { id: stale, type: stale, after: 45d, severity: high }
  - { id: old, type: too-old, after: 90d, severity: medium }
  - { id: woke, type: reawakened, dormant: 60d, severity: high }
  - { id: odd, type: impossible-metadata, severity: high }
  - { id: idle, type: expression, when: key.idleDays > 30, message: idle, severity: low }
`;
const withNeverUsed = `${policy}  - { id: unused, type: never-used, grace: 14d, severity: low }\n`;
const empty = '"0001-01-01T00:00:00Z"';

/** The rules that a case breaks, or leaves unknown; `createdOn` is 60 days ago unless stated. */
async function judge(fields: string, text = policy) {
  const one = `{ name: a, ${fields}, expect: { verdict: pass } }`;
  const cwd = workspace(`  - ${one}\n`, { 'policy.yaml': text });
  const { files, mistakes } = await readCases(['cases.yaml'], { cwd });
  expect(mistakes).toEqual([]);
  const {
    files: [file],
  } = await runCases(files, { inventory: undefined, cwd, needsApprovals: false });
  const actual = file?.cases[0]?.actual;
  return {
    broken: actual?.violations.map(({ rule }) => rule).toSorted(),
    unknown: actual?.unknowns.map(({ rule, fields }) => `${rule}: ${fields}`).toSorted(),
  };
}

const lastUsed = (date: string) => `observed: { createdOn: 60d ago, lastUsed: ${date} }`;

test.each([empty, '"1970-01-01T00:00:00.000Z"', '"1979-12-31T23:59:59.999Z"', 'null'])(
  'a last use of %s is never used, to every rule',
  async (date) => {
    expect(await judge(lastUsed(date))).toEqual({ broken: ['idle', 'stale'], unknown: [] });
    expect(await judge(lastUsed(date), withNeverUsed)).toEqual({
      broken: ['idle', 'unused'],
      unknown: [],
    });
  },
);

test('a last use in the first instant of 1980 is one, and lies before the creation', async () => {
  expect(await judge(lastUsed('"1980-01-01T00:00:00Z"'), withNeverUsed)).toEqual({
    broken: ['idle', 'odd', 'stale'],
    unknown: [],
  });
});

test('an empty date without an offset is no instant, so the rules that need it are unknown', async () => {
  expect(await judge(lastUsed('"0001-01-01T00:00:00"'))).toEqual({
    broken: [],
    unknown: ['idle: lastUsed', 'odd: lastUsed', 'stale: lastUsed', 'woke: lastUsed'],
  });
});

test('an empty date of creation is unreadable, and no age of two thousand years', async () => {
  expect(await judge(`observed: { createdOn: ${empty}, lastUsed: 1h ago }`)).toEqual({
    broken: [],
    unknown: ['odd: createdOn', 'old: createdOn', 'stale: createdOn'],
  });
  expect(await judge(`observed: { createdOn: ${empty}, lastUsed: ${empty} }`)).toEqual({
    broken: [],
    unknown: ['idle: createdOn', 'odd: createdOn', 'old: createdOn', 'stale: createdOn'],
  });
});

test('the first use after an empty date wakes no key; an empty date after a use goes back', async () => {
  const first = `before: [{ at: 1d ago, lastUsed: ${empty} }], observed: { createdOn: 60d ago, lastUsed: 1h ago }`;
  expect(await judge(first)).toEqual({ broken: [], unknown: [] });
  const back = `before: [{ at: 1d ago, lastUsed: 2d ago }], ${lastUsed(empty)}`;
  expect(await judge(back)).toEqual({ broken: ['idle', 'odd', 'stale'], unknown: [] });
});
