import { describe } from 'vitest';
import { saysWhatIsOpen } from '../evidence/verify/meaning-suite.ts';
import { findsEveryChange } from '../evidence/verify/tampering-suite.ts';
import { verifyByBoth } from './both-verifiers.ts';

// The suites that run in the process elsewhere: the command and verify.mjs answer the same to each.
describe('an intact pack', () => saysWhatIsOpen(verifyByBoth));

describe('a pack of 2 nights', { tags: ['all'] }, () => findsEveryChange(2, verifyByBoth));

describe('at length', { tags: ['long'] }, () => {
  describe.each([1, 7])('a pack of %i nights', (count) => findsEveryChange(count, verifyByBoth));
});
