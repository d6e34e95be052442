import { z } from 'zod';
import { severities } from '../evaluate/policy/severity.ts';
import { readFindings } from '../record/reads/read-findings.ts';
import { findingRow } from '../report/json.ts';
import type { ReportFinding } from '../report/model.ts';
import { asItems, several } from './answers.ts';
import { defineList } from './operation.ts';

const statuses = ['open', 'waived', 'resolved'] as const;

/** The findings of these statuses with at least this severity, highest severity first. */
export const findings = defineList({
  access: 'read',
  method: 'GET',
  path: 'findings',
  input: z.strictObject({
    status: several(z.enum(statuses)).default([...statuses]),
    severity: z.enum(severities).default('info'),
  }),
  items: asItems<ReportFinding>(findingRow, 'firstSeen', 'lastSeen', 'resolvedAt'),
  run: ({ database }, { status, severity }) =>
    readFindings(database, { statuses: status, severity }),
});
