import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../config/package-root.ts';
import { type RuleType, ruleSchemas } from '../../../evaluate/policy/policy.ts';
import { renderRule } from '../../../report/table/rule-page.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { renderRulePage } from './rule-page.tsx';

/** `/policy/rules/{rule}`: the settings of a rule of the policy, and the page of its type. */
export const rulePage: PageEntry = {
  path: '/policy/rules/:rule',
  async show({ frame, params }, { config }) {
    const asked = params['rule'] ?? '';
    const { policy } = config.policy;
    const rule = policy.rules.find(({ id }) => id === asked);
    const type = rule?.type ?? (isType(asked) ? asked : undefined);
    if (type === undefined) return undefined;
    const terms = { now: frame.at, needsApprovals: config.approvals !== undefined };
    const settings = rule === undefined ? '' : renderRule(rule, policy, terms);
    const about = await readFile(join(packageRoot(), 'docs', 'rules', `${type}.md`), 'utf8');
    return asPage(renderRulePage(frame, { name: rule?.id ?? type, settings, about }));
  },
};

function isType(name: string): name is RuleType {
  return Object.hasOwn(ruleSchemas, name);
}
