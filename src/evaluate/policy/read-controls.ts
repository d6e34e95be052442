import { z } from 'zod';
import { dueId } from './derived-ids.ts';

/** The controls that a rule of a policy is for. */
export interface RuleControls {
  readonly rule: string;
  readonly controls: readonly string[];
}

const text = z.string();
const written = z.object({
  rules: z.array(
    z.object({ id: text, controls: z.array(text).default([]), warnBefore: z.unknown().optional() }),
  ),
});

/**
 * Reads which controls the rules of a parsed policy are for, without judging the rest of it: one that
 * another version of this program accepted has them too. Undefined if it has no such rules.
 */
export function readControls(policy: unknown): readonly RuleControls[] | undefined {
  const read = written.safeParse(policy);
  return read.data?.rules.flatMap(({ id, controls, warnBefore }) => {
    const rule = { rule: id, controls };
    return warnBefore === undefined ? [rule] : [rule, { rule: dueId(id), controls }];
  });
}
