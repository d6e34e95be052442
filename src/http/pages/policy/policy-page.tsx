import { Shown } from '../../../report/html/shown.tsx';
import { BacktestsPanel } from '../backtest/backtests-panel.tsx';
import type { KeptBacktest } from '../backtest/kept-backtest.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { type CountedRule, RuleTable } from './rule-table.tsx';
import { type CountedWaiver, WaiverTable } from './waiver-table.tsx';

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
            <WaiverTable frame={frame} waivers={waivers} now={now} />
          )}
        </section>
        {trial === undefined ? null : (
          <BacktestsPanel frame={frame} policy={trial.text} backtests={trial.backtests} />
        )}
      </>
    ),
  });
}
