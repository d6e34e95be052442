import { z } from 'zod';
import { resolveFilter } from '../../record/reads/lists/known-names.ts';
import { readFindingsByAge } from '../../record/reads/lists/read-findings-by-age.ts';
import { readFindingsPage } from '../../record/reads/lists/read-findings-page.ts';
import { findingRow } from '../../report/json.ts';
import type { ReportFinding } from '../../report/model.ts';
import { asItems, reviveInstants, several } from '../answers.ts';
import { findingStatuses, keyFilter, knownNames, severityAsked } from '../filters.ts';
import { defineList } from '../operation.ts';
import { findingShape } from '../shapes/findings.ts';
import { markWaiting } from './mark-waiting.ts';

/** What comes first: the gravest, or by when a finding was first seen. */
export const findingOrders = ['severity', 'newest', 'oldest'] as const;

const plain = asItems<ReportFinding>(findingRow, 'firstSeen', 'lastSeen', 'resolvedAt');

/**
 * The findings of these statuses with at least this severity, and with the names given; in the order
 * asked for. Throws `RequestRefused` if a name is unknown.
 */
export const findings = defineList({
  about: 'Lists findings, the most severe first.',
  access: 'read',
  method: 'GET',
  path: 'findings',
  input: z.strictObject({
    ...keyFilter,
    status: several(z.enum(findingStatuses)).default([...findingStatuses]),
    severity: severityAsked.default('info'),
    sort: z.enum(findingOrders).optional(),
  }),
  shape: findingShape,
  items: {
    write: findingRow,
    read(json) {
      const finding = plain.read(json);
      const { acknowledgement } = finding;
      if (acknowledgement === null) return finding;
      return { ...finding, acknowledgement: reviveInstants(acknowledgement, ['at']) };
    },
  },
  async run(means, { status, sort, ...named }, asked) {
    const { database, config } = means;
    const filter = { ...named, statuses: status.length === 0 ? findingStatuses : status };
    const resolved = await resolveFilter(database, filter, knownNames(config));
    const page =
      sort === 'newest' || sort === 'oldest'
        ? await readFindingsByAge(database, resolved, sort, asked)
        : await readFindingsPage(database, resolved, asked);
    return { ...page, items: await markWaiting(means, page.items, new Date()) };
  },
});
