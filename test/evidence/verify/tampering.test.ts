import { describe } from 'vitest';
import { verifyHere } from './scenes.ts';
import { findsEveryChange } from './tampering-suite.ts';

describe.each([1, 2, 7])('of %i nights', (count) => findsEveryChange(count, verifyHere));

// More than one full tile of 256 leaves holds.
describe('of 300 nights', { tags: ['all'] }, () => findsEveryChange(300, verifyHere));
