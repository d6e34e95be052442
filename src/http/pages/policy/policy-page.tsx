import type { PolicyRule } from '../../../evaluate/policy/policy.ts';
import type { Waiver } from '../../../evaluate/waivers/waiver.ts';
import { wholeDays } from '../../../keys/days.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { lastDay } from '../../../report/last-day.ts';
import { renderCount } from '../../../text/render-count.ts';
import { BacktestsPanel } from '../backtest/backtests-panel.tsx';
import type { KeptBacktest } from '../backtest/kept-backtest.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { SeverityWord } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { pathOfKey, pathOfRule, withQuery } from '../paths.ts';

/** A rule of the policy, with its findings that are not resolved. */
export interface CountedRule {
  readonly rule: PolicyRule;
  readonly open: number;
  readonly waived: number;
}

/** A waiver of the policy, and how many findings it covers now. */
export interface CountedWaiver {
  readonly waiver: Waiver;
  readonly covers: number;
}

/** All that the page of the policy shows. */
export interface PolicyModel {
  readonly now: Date;
  readonly version: string;
  readonly hash: string;
  /** The gravest first. */
  readonly rules: readonly CountedRule[];
  /** The next to end first. */
  readonly waivers: readonly CountedWaiver[];
  /** For callers who may try another policy. */
  readonly trial: PolicyTrial | undefined;
}

interface PolicyTrial {
  /** The text of the policy in use. */
  readonly text: string;
  readonly backtests: readonly KeptBacktest[];
}

export function renderPolicy(frame: Frame, model: PolicyModel): string {
  const { version, hash, rules, waivers, now, trial } = model;
  return renderFramed({
    frame,
    title: 'Policy',
    current: '/policy',
    children: (
      <>
        <div class="head">
          <h1>
            Policy <Shown text={version} />
          </h1>
          <p class="note">
            <code>
              <Shown text={hash} />
            </code>
            . The next sweep judges by it.
          </p>
        </div>
        <section class="panel" aria-labelledby="rules">
          <h2 id="rules">Rules</h2>
          <RuleTable rules={rules} />
        </section>
        <section class="panel" aria-labelledby="waivers">
          <h2 id="waivers">Waivers</h2>
          {waivers.length === 0 ? (
            <p class="empty">The policy has no waivers.</p>
          ) : (
            <WaiverTable waivers={waivers} now={now} />
          )}
        </section>
        {trial === undefined ? null : (
          <BacktestsPanel frame={frame} policy={trial.text} backtests={trial.backtests} />
        )}
      </>
    ),
  });
}

function RuleTable({ rules }: { rules: readonly CountedRule[] }) {
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
      <Count name="Open findings" count={open} href={findingsOf(id, 'open')} />
      <Count name="Waived" count={waived} href={findingsOf(id, 'waived')} />
    </tr>
  );
}

function findingsOf(rule: string, status: string): string {
  return withQuery('/findings', { rule, status });
}

function Count({ name, count, href }: { name: string; count: number; href: string }) {
  return (
    <td class={count === 0 ? 'n soft' : 'n'} data-label={name}>
      {count === 0 ? 0 : <a href={href}>{renderNumber(count)}</a>}
    </td>
  );
}

function WaiverTable({ waivers, now }: { waivers: readonly CountedWaiver[]; now: Date }) {
  return (
    <Table
      name="Waivers, the next to end first"
      class="list"
      columns={['Waiver', 'Rule', 'Why', 'For', 'Last day', { number: 'Covers' }]}
    >
      {waivers.map((counted) => (
        <WaiverRow counted={counted} now={now} />
      ))}
    </Table>
  );
}

function WaiverRow({ counted: { waiver, covers }, now }: { counted: CountedWaiver; now: Date }) {
  const { id, rule, reason, requestedBy, approvedBy } = waiver;
  return (
    <tr>
      <th scope="row">
        <Shown text={id} />
      </th>
      <td data-label="Rule">
        <a href={pathOfRule(rule)}>
          <Shown text={rule} />
        </a>
      </td>
      <td class="long">
        <Shown text={reason} most={600} />
        <small>
          asked for by <Shown text={requestedBy} />, approved by{' '}
          <Shown text={approvedBy.join(', ')} most={600} />
        </small>
      </td>
      <td class="long" data-label="For">
        <WaivedKeys waiver={waiver} />
      </td>
      <td data-label="Last day">
        <span class="nowrap">{lastDay(waiver)}</span>
        <small>
          <DaysLeft waiver={waiver} now={now} />
        </small>
      </td>
      <td class="n" data-label="Covers">
        {covers === 0 ? (
          <span class="soft">nothing</span>
        ) : (
          <a href={findingsOf(rule, 'waived')}>{renderCount(covers, 'finding')}</a>
        )}
      </td>
    </tr>
  );
}

/** A waiver may name thousands. */
const mostKeys = 5;

function WaivedKeys({ waiver: { keys, match } }: { waiver: Waiver }) {
  if (keys === undefined) return <Shown text={renderMatch(match)} most={400} />;
  return (
    <>
      {keys.slice(0, mostKeys).map((key, at) => (
        <>
          {at === 0 ? null : ', '}
          <a href={pathOfKey(key)}>
            <Shown text={key.keyId} most={80} />
          </a>
        </>
      ))}
      {keys.length > mostKeys ? ` and ${keys.length - mostKeys} more` : null}
    </>
  );
}

function renderMatch(match: Waiver['match']): string {
  const parts = Object.entries(match ?? {}).flatMap(([name, value]) =>
    Array.isArray(value) ? `${name} ${value.join(' or ')}` : [],
  );
  return `keys with ${parts.join(', ')}`;
}

/** Within this many days somebody should decide what follows. */
const soonDays = 14;

function DaysLeft({ waiver: { expires }, now }: { waiver: Waiver; now: Date }) {
  const ms = expires.getTime() - now.getTime();
  if (ms <= 0) return <span class="badge is-fail">over</span>;
  const days = wholeDays(ms);
  const words = days === 0 ? 'ends today' : `${renderCount(days, 'day')} left`;
  return days < soonDays ? <span class="badge is-unknown">{words}</span> : words;
}
