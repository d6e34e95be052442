import { pass, type Rule, violation } from '../rule.ts';

/** A name of only spaces and invisible characters is no name. */
const visible = /[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u;

/** Fails when the inventory names no owner. */
export const unowned: Rule<'unowned'> =
  () =>
  ({ owner }) =>
    owner !== null && visible.test(owner) ? pass : violation({});
