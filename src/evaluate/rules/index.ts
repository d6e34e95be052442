import type { RuleType } from '../policy/policy.ts';
import type { Rule } from '../rule.ts';
import { expression } from './expression.ts';
import { impossibleMetadata } from './impossible-metadata.ts';
import { missing } from './missing.ts';
import { naming } from './naming.ts';
import { neverUsed } from './never-used.ts';
import { overScoped } from './over-scoped.ts';
import { reawakened } from './reawakened.ts';
import { scopeDrift } from './scope-drift.ts';
import { stale } from './stale.ts';
import { tooOld } from './too-old.ts';
import { unaudited } from './unaudited.ts';
import { unowned } from './unowned.ts';

/** All rules. The compiler demands one for each type that a policy may name. */
export const rules: { readonly [T in RuleType]: Rule<T> } = {
  stale,
  'never-used': neverUsed,
  'too-old': tooOld,
  'over-scoped': overScoped,
  'scope-drift': scopeDrift,
  missing,
  reawakened,
  'impossible-metadata': impossibleMetadata,
  unaudited,
  unowned,
  naming,
  expression,
};
