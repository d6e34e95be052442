import { type Lookup, type LookupFailure, lookupFailure } from '../lookup.ts';
import { type CallOutcome, flowing, planAdmission, planPause } from './plan-pause.ts';

/** Stands before a source that answers nobody, so that it is probed and not hammered key by key. */
export interface SourcePause {
  /**
   * Runs `ask`, or says at once why the source is paused. What `ask` learns opens, keeps or ends
   * the pause; if it throws, nothing was learned.
   */
  through(ask: () => Promise<Lookup>): Promise<Lookup>;
}

/** `limit`: so many calls in a row without an answer pause the source. `ticks` never jumps. */
export function createSourcePause(limit: number, ticks: () => number): SourcePause {
  let state = flowing;

  return {
    async through(ask) {
      const planned = planAdmission(state, ticks());
      state = planned.state;
      const { admission } = planned;
      if (admission.kind === 'refused') return pausedFor(admission);

      let outcome: CallOutcome = { kind: 'abandoned' };
      try {
        const learned = await ask();
        outcome = outcomeOf(learned);
        return learned;
      } finally {
        state = planPause(state, outcome, { probe: admission.probe, now: ticks(), limit });
      }
    },
  };
}

type Refused = Extract<ReturnType<typeof planAdmission>['admission'], { kind: 'refused' }>;

function pausedFor({ cause, waitMs }: Refused): LookupFailure {
  const detail = `the source is paused: ${cause.detail}`;
  return lookupFailure(cause.reason, detail, { retryAfterMs: Math.ceil(waitMs) });
}

function outcomeOf(learned: Lookup): CallOutcome {
  if (learned.kind !== 'failure' || learned.silence === 'none') return { kind: 'answered' };
  const { reason, detail, retryAfterMs } = learned;
  const cause = { reason, detail };
  if (learned.silence === 'key') return { kind: 'silent', cause };
  return { kind: 'nobody', cause, waitMs: retryAfterMs };
}
