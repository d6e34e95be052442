import { expect, test } from 'vitest';
import { sayStalls } from '../../../src/cli/sweep/say-stalls.ts';

const fx = {
  source: 'fx',
  until: '2026-11-24T03:12:30.000Z',
  inMs: 7_200_000,
  pastDeadline: false,
  probeInMs: 480_000,
};
const waits = { away: [fx], askedAgain: null };
const away = 'source fx asked us to stay away until 03:12Z (in 2 h); next try in 8 min';
const stall = (fresh: boolean) => ({ words: 'keys still pending: 2', fresh });

test('a source that goes away is said at once, and then as often as the stall', () => {
  const lines: string[] = [];
  const look = sayStalls((line) => lines.push(line));
  look({ waits: null }, undefined);
  expect(lines).toEqual([]);
  look({ waits }, undefined);
  look({ waits }, undefined);
  look({ waits }, stall(false));
  expect(lines).toEqual([away]);
  look({ waits }, stall(true));
  expect(lines.slice(1)).toEqual([`keys still pending: 2; ${away}`]);
  look({ waits: { away: [], askedAgain: null } }, stall(true));
  expect(lines.slice(2)).toEqual(['keys still pending: 2']);
  look({ waits }, undefined);
  expect(lines.slice(3)).toEqual([away]);
});
