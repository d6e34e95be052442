import { pass, type Rule, violation } from '../rule.ts';

/** Fails when the inventory names no owner; a name of spaces only is none. */
export const unowned: Rule<'unowned'> =
  () =>
  ({ owner }) =>
    owner === null || owner.trim() === '' ? violation({}) : pass;
