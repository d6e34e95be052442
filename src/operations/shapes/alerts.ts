import { z } from 'zod';
import { alertStates } from '../../report/alerts-model.ts';
import { nameShape } from './named-shape.ts';
import { count, instant } from './words.ts';

export const alertShape = nameShape(
  'Alert',
  z.object({
    id: z.uuid(),
    plannedAt: instant,
    channel: z.string(),
    type: z.string(),
    part: count,
    parts: count,
    state: z.enum(alertStates),
    attempts: count,
    nextAt: instant.nullable(),
    sending: z.boolean(),
    endedAt: instant.nullable(),
    sweep: z.uuid().nullable(),
    findings: count,
    detail: z.string().nullable(),
  }),
);

export const heldSweepShape = nameShape(
  'HeldSweep',
  z.object({
    sweep: z.uuid(),
    openedAt: instant,
    held: count,
    cause: z.string().nullable(),
    detail: z.string().nullable(),
  }),
);

const written = { id: z.uuid(), channel: z.string() };

/** An alert that was queued. */
export const writtenAlertShape = nameShape('WrittenAlert', z.object(written));

export const retriedAlertsShape = nameShape(
  'RetriedAlerts',
  z.object({
    queued: z.array(writtenAlertShape),
    skipped: z.array(z.object({ ...written, why: z.string() })),
    next: z.string().nullable(),
  }),
);

export const alertOutcomeShape = nameShape(
  'AlertOutcome',
  z.object({
    delivered: count,
    failed: count,
    pending: count,
    soon: count,
    left: z.array(alertShape),
  }),
);

export const channelTestShape = nameShape(
  'ChannelTest',
  z.object({ channel: z.string(), type: z.string(), ms: count, problem: z.string().nullable() }),
);
