import { z } from 'zod';
import { auditOutcomes } from '../../report/audit-model.ts';
import { nameShape } from './named-shape.ts';
import { count, instant, known, texts } from './words.ts';

const lastTick = z.object({
  dueAt: instant,
  outcome: z.enum(['opened', 'missed', 'skipped', 'waiting']),
  trigger: z.string(),
  ticks: count,
});

const scheduleFacts = z.object({
  id: z.string(),
  lastSweepAt: instant.nullable(),
  waiting: count,
  lastTick: lastTick.nullable(),
  week: z.object({ missed: count, skipped: count, caughtUp: count }),
});

export const storeFactsShape = nameShape(
  'StoreFacts',
  z.object({
    server: z.string(),
    refusesWrites: z.object({ what: z.string(), mend: z.string() }).nullable(),
    version: z.string(),
    versionNumber: count,
    encoding: z.string(),
    closedTables: texts,
    orphanedBatches: count,
    orphanedAlerts: count,
    lateSweeps: count,
    schedules: z.array(scheduleFacts),
    lastFullSweepAt: instant.nullable(),
  }),
);

export const auditRecordShape = nameShape(
  'AuditRecord',
  z.object({
    id: z.string(),
    at: instant,
    who: z.string().nullable(),
    role: z.string().nullable(),
    asserted: z.string().nullable(),
    known: known.nullable(),
    subject: z.string().nullable(),
    mail: z.string().nullable(),
    what: z.string(),
    input: z.record(z.string(), z.unknown()),
    origin: z.string(),
    outcome: z.enum(auditOutcomes),
    reason: z.string().nullable(),
    endedAt: instant.nullable(),
    request: z.string().nullable(),
    times: count,
  }),
);
