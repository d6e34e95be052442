import { z } from 'zod';
import { severities } from '../evaluate/policy/severity.ts';
import { readFindings } from '../record/reads/read-findings.ts';
import { findingRow } from '../report/json.ts';
import type { ReportFinding } from '../report/model.ts';
import { asItems, reviveInstants, several } from './answers.ts';
import { defineList } from './operation.ts';

const statuses = ['open', 'waived', 'resolved'] as const;

const plain = asItems<ReportFinding>(findingRow, 'firstSeen', 'lastSeen', 'resolvedAt');

/** The findings of these statuses with at least this severity, highest severity first. */
export const findings = defineList({
  access: 'read',
  method: 'GET',
  path: 'findings',
  input: z.strictObject({
    status: several(z.enum(statuses)).default([...statuses]),
    severity: z.enum(severities).default('info'),
  }),
  items: {
    write: findingRow,
    read(json) {
      const finding = plain.read(json);
      const { acknowledgement } = finding;
      if (acknowledgement === null) return finding;
      return { ...finding, acknowledgement: reviveInstants(acknowledgement, ['at']) };
    },
  },
  run: ({ database }, { status, severity }) =>
    readFindings(database, { statuses: status, severity }),
});
