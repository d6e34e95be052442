import { setTimeout as wait } from 'node:timers/promises';
import type { Operations } from '../../operations/index.ts';
import type { AlertOutcome, AlertState, ListedAlert } from '../../report/alerts-model.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { safeText } from '../../report/safe-text.ts';
import { renderCount } from '../../text/render-count.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

/** As long as a sweep waits for the alerts that it caused. */
const patienceMs = 30_000;
const pollMs = 150;
/** Only the first alerts are watched when there are more: alerts leave in nearly this order. */
const mostWatched = 10_000;

/** Waits until the alerts are delivered or no attempt is due soon, and prints the outcome. */
export async function waitForDelivery(
  terminal: Terminal,
  operations: Pick<Operations, 'outcome'>,
  ids: string[],
  { quiet, goesOn }: { readonly quiet: boolean; readonly goesOn: string },
  mostMs = patienceMs,
): Promise<ExitCode> {
  if (ids.length === 0) return 0;
  const outcome = await watch(terminal, operations, ids.slice(0, mostWatched), { mostMs, goesOn });
  if (!quiet && outcome.delivered > 0) {
    say(terminal, `delivered ${renderCount(outcome.delivered, 'alert')}`);
  }
  if (!quiet || outcome.failed > 0) for (const line of leftLines(outcome)) say(terminal, line);
  return outcome.failed > 0 ? 2 : 0;
}

async function watch(
  { signal }: Terminal,
  operations: Pick<Operations, 'outcome'>,
  ids: string[],
  { mostMs, goesOn }: { readonly mostMs: number; readonly goesOn: string },
): Promise<AlertOutcome> {
  const until = performance.now() + mostMs;
  for (;;) {
    const leftMs = Math.max(0, Math.round(until - performance.now()));
    const outcome = await operations.outcome({ ids, withinMs: leftMs });
    if (outcome.soon === 0 || leftMs === 0) return outcome;
    await wait(pollMs, undefined, { signal }).catch(() => {
      throw new CommandFailed(`stopped; the delivery of queued alerts continues ${goesOn}`);
    });
  }
}

/** Lists the alerts that did not arrive and why: failed ones first, then pending ones. */
function leftLines({ pending, failed, left }: AlertOutcome): readonly string[] {
  const of = (state: AlertState) => left.filter((alert) => alert.state === state).map(leftLine);
  return [
    ...(failed > 0 ? [`${renderCount(failed, 'alert')} failed`, ...of('failed')] : []),
    ...(pending > 0
      ? [`${renderCount(pending, 'alert is', 'alerts are')} not delivered yet`, ...of('pending')]
      : []),
  ];
}

function leftLine({ id, channel, detail, state, nextAt }: ListedAlert): string {
  const next = state === 'pending' && nextAt !== null ? `; due ${renderInstant(nextAt)}` : '';
  return safeText(`  ${channel} (${id}): ${detail ?? 'no attempt has ended yet'}${next}`);
}
