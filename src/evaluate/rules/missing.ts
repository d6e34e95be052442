import { pass, type Rule, violation } from '../rule.ts';

/** Fails when the vendor says that there is no such key. */
export const missing: Rule<'missing'> =
  () =>
  ({ exists }) =>
    exists ? pass : violation({});
