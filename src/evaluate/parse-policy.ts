import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Policy, policySchema, type Rule } from './policy.ts';

/** The text is no policy. What is wrong with it stands in `message`, without positions. */
export class InvalidPolicy extends Error {
  override readonly name = 'InvalidPolicy';
  readonly code = 'KEYSWEEP_INVALID_POLICY';
  readonly retryable = false;
}

/**
 * A policy from its text, as every sweep has it pinned. Throws `InvalidPolicy`. Who reads the file
 * of a user checks it first in a way that tells lines and columns.
 */
export function parsePolicy(text: string): Policy {
  const parsed = policySchema.safeParse(parseYaml(text));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidPolicy(`The policy is not valid: ${wrong.slice(0, 5).join('; ')}`);
  }
  return toPolicy(parsed.data);
}

function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { schema: 'core', prettyErrors: false });
    if (document.errors.length === 0) return document.toJS();
  } catch {
    // Told below: an alias without its anchor, or more aliases than the parser allows.
  }
  throw new InvalidPolicy('The policy is not valid YAML');
}

function toPolicy({ version, rules }: z.output<typeof policySchema>): Policy {
  const ids = new Set(rules.map(({ id }) => id));
  if (ids.size < rules.length) throw new InvalidPolicy('Two rules of the policy have one id');

  const covered = rules.some(({ type }) => type === 'missing');
  return { version, rules: covered ? rules : [...rules, missingRule(ids)] };
}

/** What a policy without a `missing` rule gets: a key that is gone is never passed over. */
function missingRule(taken: ReadonlySet<string>): Rule {
  let id = 'missing';
  for (let n = 1; taken.has(id); n++) id = n === 1 ? 'missing-key' : `missing-key-${n}`;
  return { id, type: 'missing', severity: 'low', controls: [] };
}
