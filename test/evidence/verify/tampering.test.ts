import { describe } from 'vitest';
import { verifyHere } from './scenes.ts';
import { findsEveryChange } from './tampering-suite.ts';

describe.each([1, 2, 7])('of %i nights', (count) => findsEveryChange(count, verifyHere));

describe('of 500 nights', { tags: ['all'] }, () => findsEveryChange(500, verifyHere));
