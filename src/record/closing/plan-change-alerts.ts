import type { SweepRecovered } from '../../alert/message.ts';
import type { Anomaly } from '../../alert/plan/plan-anomaly.ts';
import { planAnomalyNotice, planRecovered } from '../../alert/plan/plan-notices.ts';
import { planWithdrawal } from '../../alert/plan/plan-withdrawal.ts';
import type { AlertContext, AlertStep } from '../outbox/alert-step.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { ClosingFacts } from './gather-closing.ts';
import type { EarlierSweep } from './read-changes.ts';
import { splitEvents } from './split-events.ts';

/** What happens to the changes of a sweep, and to those that were held before it. */
export interface PlannedChangeAlerts {
  /** Set if the sweep's changes are held. */
  readonly held: (Anomaly & { readonly held: number }) | undefined;
  readonly ended: EndedHolding | undefined;
  /** In order: what happened to a finding first is alerted first. */
  readonly steps: readonly AlertStep[];
}

/** Held sweeps whose changes no longer wait, and why. */
interface EndedHolding {
  readonly sweeps: readonly EarlierSweep[];
  readonly how: 'confirmed' | 'withdrawn';
}

const nothing = { held: undefined, ended: undefined } as const;

export function planChangeAlerts(
  facts: ClosingFacts,
  context: AlertContext,
  alerting: Alerting,
): PlannedChangeAlerts {
  const { holding } = facts;
  switch (holding.kind) {
    case 'hold': {
      const held = { ...holding.anomaly, held: facts.waiting };
      const { sweep, coverage } = context;
      const alerts = planAnomalyNotice({ sweep, coverage, ...held }, alerting.channels);
      return { ...nothing, held, steps: [{ kind: 'notices', context, alerts }] };
    }
    case 'recovered':
      return planRecovery(facts, holding.withdrawn, context, alerting);
    case 'alert':
      return planConfirmation(facts, holding.confirmed, context, alerting);
    default:
      return holding satisfies never;
  }
}

/** Plans the alerts for the changes of a sweep that were held, because somebody releases them. */
export function planRelease(context: AlertContext, alerting: Alerting): readonly AlertStep[] {
  const said = { anomaly: context.sweep.id, how: 'released', withdrawn: 0 } as const;
  return [{ kind: 'rest', context }, noticeOf(context, said, alerting)];
}

/** Changes that went back are not alerted; the others are alerted with this sweep's own changes. */
function planRecovery(
  { heldEvents }: ClosingFacts,
  withdrawn: readonly EarlierSweep[],
  context: AlertContext,
  alerting: Alerting,
): PlannedChangeAlerts {
  const steps: AlertStep[] = [];
  const notices: AlertStep[] = [];
  let left = heldEvents;
  for (const { id, uuid } of withdrawn) {
    const split = splitEvents(left, id);
    const plan = planWithdrawal(split.taken);
    steps.push({ kind: 'withdrawal', context, events: plan.withdrawn });
    steps.push({ kind: 'changes', context, events: plan.kept });
    const said = { anomaly: uuid, how: 'withdrawn', withdrawn: plan.findings } as const;
    notices.push(noticeOf(context, said, alerting));
    left = split.left;
  }
  steps.push({ kind: 'rest', context }, ...notices);
  return { ...nothing, ended: { sweeps: withdrawn, how: 'withdrawn' }, steps };
}

/** Alerts each held sweep's changes in its own name, then the changes of the confirming sweep. */
function planConfirmation(
  { heldEvents, contexts }: ClosingFacts,
  confirmed: readonly EarlierSweep[],
  context: AlertContext,
  alerting: Alerting,
): PlannedChangeAlerts {
  const steps: AlertStep[] = [];
  let left = heldEvents;
  for (const { id, uuid } of confirmed) {
    const heldContext = contexts.get(id);
    if (heldContext === undefined) continue;
    const split = splitEvents(left, id, context.id);
    steps.push({ kind: 'changes', context: heldContext, events: split.taken });
    const said = { anomaly: uuid, how: 'confirmed', withdrawn: 0 } as const;
    steps.push(noticeOf(context, said, alerting));
    left = split.left;
  }
  steps.push({ kind: 'rest', context });
  return { ...nothing, ended: { sweeps: confirmed, how: 'confirmed' }, steps };
}

function noticeOf(
  context: AlertContext,
  said: Omit<SweepRecovered, 'sweep' | 'coverage'>,
  alerting: Alerting,
): AlertStep {
  const { sweep, coverage } = context;
  const alerts = planRecovered({ sweep, coverage, ...said }, alerting);
  return { kind: 'notices', context, alerts };
}
