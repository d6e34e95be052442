import { type Lookup, type LookupFailure, lookupFailure } from '../lookup.ts';
import { type CallOutcome, flowing, planAdmission, planPause } from './plan-pause.ts';

/** Protects a source that answers no call: one call probes it, the others wait. */
export interface SourcePause {
  /**
   * Runs `ask`, or returns at once why the source is paused. The result of `ask` starts, keeps or
   * ends the pause; if it throws, the pause stays as it was.
   */
  through(ask: () => Promise<Lookup>): Promise<Lookup>;
}

/**
 * `limit`: how many calls in a row without an answer pause the source. `ticks` never jumps.
 * `onChange` is called when a pause begins and when the source answers again.
 */
export function createSourcePause(
  limit: number,
  ticks: () => number,
  onChange: (isPaused: boolean) => void = () => undefined,
): SourcePause {
  let state = flowing;

  return {
    async through(ask) {
      const planned = planAdmission(state, ticks());
      state = planned.state;
      const { admission } = planned;
      if (admission.kind === 'refused') return pausedFor(admission);

      let outcome: CallOutcome = { kind: 'abandoned' };
      try {
        const found = await ask();
        outcome = outcomeOf(found);
        return found;
      } finally {
        const before = state.kind;
        state = planPause(state, outcome, { probe: admission.probe, now: ticks(), limit });
        const isPaused = state.kind !== 'flowing';
        if (isPaused !== (before !== 'flowing')) onChange(isPaused);
      }
    },
  };
}

type Refused = Extract<ReturnType<typeof planAdmission>['admission'], { kind: 'refused' }>;

function pausedFor({ cause, waitMs }: Refused): LookupFailure {
  const detail = `the source is paused: ${cause.detail}`;
  return lookupFailure(cause.reason, detail, {
    retryAfterMs: Math.ceil(waitMs),
    asked: !cause.away,
  });
}

function outcomeOf(found: Lookup): CallOutcome {
  if (found.kind !== 'failure') return { kind: 'answered' };
  if (!found.asked) return { kind: 'abandoned' };
  const { reason, detail, retryAfterMs, awayMs } = found;
  const away = awayMs !== undefined;
  if (found.silence === 'none' && !away) return { kind: 'answered' };
  const cause = { reason, detail, away };
  if (found.silence === 'key' && !away) return { kind: 'silent', cause };
  return { kind: 'nobody', cause, waitMs: retryAfterMs };
}
