/** @module-tag long */
import { describe } from 'vitest';
import { saysWhatIsOpen } from '../evidence/verify/meaning-suite.ts';
import { provesOneKey } from '../evidence/verify/only-suite.ts';
import { knowsEverySchedule } from '../evidence/verify/schedules-suite.ts';
import { findsEveryChange } from '../evidence/verify/tampering-suite.ts';
import { verifyByBoth } from './both-verifiers.ts';

// The suites that run in the process elsewhere: the command and verify.mjs answer the same to each.
describe('an intact pack', () => saysWhatIsOpen(verifyByBoth));

describe('schedules', () => knowsEverySchedule(verifyByBoth));

describe('a pack of one key', () => provesOneKey(verifyByBoth));

describe.each([1, 2, 7])('a pack of %i nights', (count) => findsEveryChange(count, verifyByBoth));
