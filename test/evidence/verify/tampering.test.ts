import { describe } from 'vitest';
import { verifyHere } from './scenes.ts';
import { findsEveryChange } from './tampering-suite.ts';

describe.each([1, 2, 7])('of %i nights', (count) => findsEveryChange(count, verifyHere));

// They fill one tile of 256 leaves and begin another.
describe('of 500 nights', { tags: ['long'] }, () => findsEveryChange(500, verifyHere));
