import type { PolicyRule } from '../../../evaluate/policy/policy.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { SeverityWord } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { pathOfFindings, pathOfRule } from '../paths.ts';

/** A rule of the policy, with its findings that are not resolved. */
export interface CountedRule {
  readonly rule: PolicyRule;
  readonly open: number;
  readonly waived: number;
}

/** The rules and what they find now; each leads to its page. */
export function RuleTable({ rules }: { rules: readonly CountedRule[] }) {
  return (
    <Table
      name="Rules, the gravest first"
      class="list"
      columns={['Rule', 'Severity', 'Controls', { number: 'Open findings' }, { number: 'Waived' }]}
    >
      {rules.map((counted) => (
        <RuleRow counted={counted} />
      ))}
    </Table>
  );
}

function RuleRow({ counted: { rule, open, waived } }: { counted: CountedRule }) {
  const { id, type, severity, controls } = rule;
  return (
    <tr>
      <th scope="row">
        <a href={pathOfRule(id)}>
          <Shown text={id} />
        </a>
        {id === type ? null : <small>{'due' in rule ? `early warning of ${type}` : type}</small>}
      </th>
      <td>
        <SeverityWord severity={severity} />
      </td>
      <td class="long" data-label="Controls">
        {controls.length === 0 ? '–' : <Shown text={controls.join('; ')} most={400} />}
      </td>
      <Count name="Open findings" count={open} href={pathOfFindings(id, 'open')} />
      <Count name="Waived" count={waived} href={pathOfFindings(id, 'waived')} />
    </tr>
  );
}

function Count({ name, count, href }: { name: string; count: number; href: string }) {
  return (
    <td class={count === 0 ? 'n soft' : 'n'} data-label={name}>
      {count === 0 ? 0 : <a href={href}>{renderNumber(count)}</a>}
    </td>
  );
}
