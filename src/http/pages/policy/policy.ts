import { severities } from '../../../evaluate/policy/policy.ts';
import { readRuleFindings, readWaiverCover } from '../../../record/reads/pages/read-rule-counts.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { mayChange } from '../parts/action-button.tsx';
import { renderPolicy } from './policy-page.tsx';

/** `/policy`: the rules in use with their findings, and the waivers with their ends. */
export const policyPage: PageEntry = {
  path: '/policy',
  async show({ frame }, { database, config, backtests, operations }) {
    const { hash, policy, text } = config.policy;
    const counts = new Map((await readRuleFindings(database)).map((one) => [one.rule, one]));
    const cover = await readWaiverCover(database);
    const rules = policy.rules.map((rule) => {
      const { open = 0, waived = 0 } = counts.get(rule.id) ?? {};
      return { rule, open, waived };
    });
    const rank = (severity: (typeof severities)[number]) => severities.indexOf(severity);
    rules.sort((a, b) => rank(b.rule.severity) - rank(a.rule.severity) || b.open - a.open);
    const listed = new Map((await operations.waivers({}))?.map((one) => [one.id, one]));
    const waivers = policy.waivers
      .map((waiver) => {
        const approval = listed.get(waiver.id);
        return { waiver, covers: cover.get(waiver.id) ?? 0, approval };
      })
      .sort((a, b) => a.waiver.expires.getTime() - b.waiver.expires.getTime());
    const trial = mayChange(frame) ? { text, backtests: backtests.list() } : undefined;
    const { version } = policy;
    return asPage(renderPolicy(frame, { now: frame.at, hash, version, rules, waivers, trial }));
  },
};
