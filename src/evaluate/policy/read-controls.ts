import { z } from 'zod';
import { dueId } from './derived-ids.ts';
import { parseYaml } from './parse-yaml.ts';

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
 * Reads which controls the rules of a policy are for, without judging the rest of it: a policy that
 * another version of this program accepted has them too. Undefined if the text has no such rules.
 */
export function readControls(policy: string): readonly RuleControls[] | undefined {
  const read = written.safeParse(parseYaml(policy));
  return read.data?.rules.flatMap(({ id, controls, warnBefore }) => {
    const rule = { rule: id, controls };
    return warnBefore === undefined ? [rule] : [rule, { rule: dueId(id), controls }];
  });
}
