import { expect, test } from 'vitest';
import { run } from '../run.ts';

const ten = '0123456789';

test('what is no fingerprint is refused before anything is opened', async () => {
  const words = ['--by', 'ann', '--reason', 'x'];
  const { code, stderr } = await run(['findings', 'acknowledge', 'abcdef01', 'zz', ...words]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^"zz" is no fingerprint: it must be 64 .*; keysweep findings shows them\n$/,
  );
});

test.each([
  [['--by', '', '--reason', 'planned'], '--by: must not be empty\n'],
  [['--by', ' ', '--reason', 'planned'], '--by: must not be empty\n'],
  [['--by', 'ann', '--reason', ten.repeat(101)], /^--reason: must have at most 1000 char/],
  [['--by', 'a\u001b[31m', '--reason', 'x'], /^--by: must not hold control characters/],
])(
  'what is no name or reason (%#) is refused in words, before anything is opened',
  async (words, said) => {
    const { code, stdout, stderr } = await run(['findings', 'acknowledge', 'abcdef01', ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
  },
);
