import { expect, test } from 'vitest';
import { verifyPack } from '../../../src/evidence/verify/verify-pack.ts';
import { maker, readerOf } from './make-pack.ts';
import { nights, packOf, trust } from './scenes.ts';

const files = packOf(nights(2), 2);
const verifyBy = (by: Partial<typeof maker>) =>
  verifyPack({
    ...{ reader: readerOf(files), trust, kept: [], from: undefined, to: undefined },
    maker: { ...maker, ...by },
  });

test('takes texts of another version that are the same bytes', async () => {
  expect(await verifyBy({ keysweep: '0.2.0', timezones: '2027a' })).toMatchObject({
    ...{ verdict: 'holds', problems: [] },
  });
});

test.each([{ keysweep: '0.2.0' }, { timezones: '2027a' }])(
  'says that %o makes other bytes, and does not call that a change',
  async (other) => {
    const { verdict, problems } = await verifyBy({ ...other, program: Buffer.from('// other\n') });
    expect(verdict).toBe('incomplete');
    expect(problems).toMatchObject([{ exit: 3, code: 'other-version', place: 'verify.mjs' }]);
    expect(problems[0]?.message).toContain(
      `keysweep ${maker.keysweep} with time zones ${maker.timezones}`,
    );
  },
);

test('calls it a change where the same version makes other bytes', async () => {
  const { problems } = await verifyBy({ program: Buffer.from('// other\n') });
  expect(problems).toMatchObject([{ exit: 1, code: 'file-differs', place: 'verify.mjs' }]);
});
