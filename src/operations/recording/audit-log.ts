import { z } from 'zod';
import { readAuditPage } from '../../record/reads/lists/read-audit-page.ts';
import { type AuditRecord, auditOutcomes } from '../../report/audit-model.ts';
import { auditRow } from '../../report/json.ts';
import { asItems, several } from '../answers.ts';
import { names } from '../filters.ts';
import { defineList } from '../operation.ts';
import { auditRecordShape } from '../shapes/store.ts';
import { parseTimeEnd, type TimeEnd, timeEndForm } from './time-end.ts';

const moment = (end: TimeEnd) =>
  z
    .string()
    .max(100)
    .refine((text) => parseTimeEnd(text, end) !== undefined, timeEndForm)
    .optional();

/** The changes that were asked for in a time, newest first. */
export const auditLog = defineList({
  about: 'Lists who asked for which change, newest first.',
  access: 'read',
  method: 'GET',
  path: 'audit-log',
  input: z.strictObject({
    who: names,
    what: names,
    origin: names,
    outcome: several(z.enum(auditOutcomes)).readonly().optional(),
    from: moment('from'),
    to: moment('to'),
  }),
  shape: auditRecordShape,
  items: asItems<AuditRecord>(auditRow, 'at', 'endedAt'),
  run({ database }, { from, to, ...filter }, asked) {
    const time = {
      from: from === undefined ? undefined : parseTimeEnd(from, 'from'),
      until: to === undefined ? undefined : parseTimeEnd(to, 'to'),
    };
    return readAuditPage(database, { ...filter, ...time }, asked);
  },
});
