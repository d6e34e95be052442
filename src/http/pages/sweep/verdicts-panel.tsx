import { renderNumber } from '../parts/figures.tsx';
import type { ShownSweep } from './read-sweep.ts';

const words = {
  fail: 'break a rule',
  unknown: 'could not be judged',
  waived: 'break rules under a waiver only',
  pass: 'pass every rule',
} as const;

/** How many keys got which verdict, and how findings changed. */
export function VerdictsPanel({ facts: { verdicts, changes } }: { facts: ShownSweep }) {
  return (
    <section class="panel half" aria-labelledby="verdicts">
      <h2 id="verdicts">Verdicts</h2>
      <dl class="facts">
        {(['fail', 'unknown', 'waived', 'pass'] as const).map((verdict) => (
          <>
            <dt>
              <span class={`badge is-${verdict}`}>{verdict}</span>
            </dt>
            <dd>
              <strong>{renderNumber(verdicts[verdict])}</strong>{' '}
              <span class="soft">{words[verdict]}</span>
            </dd>
          </>
        ))}
      </dl>
      <p class="note">
        {changes.length === 0
          ? 'It changed no finding.'
          : `Findings: ${changes.map(({ kind, count }) => `${count} ${kind}`).join(', ')}.`}
      </p>
    </section>
  );
}
