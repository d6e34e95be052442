import { expect, test } from 'vitest';
import { mostFileBytes } from '../../../src/evidence/reading/limits.ts';
import { refuseOversized } from '../../../src/record/exports/export-pack.ts';

const refuse = (path: string, length: number) => () =>
  refuseOversized({ path, bytes: Buffer.alloc(length) });

test('no file is exported that is too large to be verified', () => {
  expect(refuse('summary.csv', mostFileBytes)).not.toThrow();
  expect(refuse('summary.csv', mostFileBytes + 1)).toThrow(
    'summary.csv would be larger than 256 MiB, and nothing that verifies a pack reads more: export a shorter period',
  );
  expect(refuse('objects/ab', mostFileBytes + 1)).toThrow(/^objects\/ab would .* reads more$/);
});
