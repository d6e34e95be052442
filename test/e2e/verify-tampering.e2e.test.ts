import { describe } from 'vitest';
import { saysWhatIsOpen } from '../evidence/verify/meaning-suite.ts';
import { findsEveryChange } from '../evidence/verify/tampering-suite.ts';
import { verifyByBoth } from './both-verifiers.ts';

// The suites that run in the process elsewhere: the command and verify.mjs answer the same to each.
describe('an intact pack', { tags: ['all'] }, () => saysWhatIsOpen(verifyByBoth));

describe.each([1, 2, 7])('a pack of %i nights', { tags: ['long'] }, (count) =>
  findsEveryChange(count, verifyByBoth),
);
