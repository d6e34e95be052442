import { z } from 'zod';
import type { Config } from '../../config/config.ts';
import { severities } from '../../evaluate/policy/severity.ts';
import { type KnownNames, resolveFilter } from '../../record/reads/findings-filter.ts';
import { readFindings } from '../../record/reads/read-findings.ts';
import { findingRow } from '../../report/json.ts';
import type { ReportFinding } from '../../report/model.ts';
import { asItems, reviveInstants, several } from '../answers.ts';
import { defineList } from '../operation.ts';

const statuses = ['open', 'waived', 'resolved'] as const;

const names = several(z.string().max(1_000)).readonly().optional();

const plain = asItems<ReportFinding>(findingRow, 'firstSeen', 'lastSeen', 'resolvedAt');

/**
 * The findings of these statuses with at least this severity, and with the names given; highest
 * severity first. Throws `RequestRefused` if a name is unknown.
 */
export const findings = defineList({
  access: 'read',
  method: 'GET',
  path: 'findings',
  input: z.strictObject({
    status: several(z.enum(statuses)).default([...statuses]),
    severity: z.enum(severities).default('info'),
    owner: names,
    rule: names,
    key: names,
    source: names,
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
  async *run({ database, config }, { status, ...named }) {
    const filter = { ...named, statuses: status };
    yield* readFindings(database, await resolveFilter(database, filter, namesOf(config)));
  },
});

function namesOf({ inventory, policy, sources }: Config): KnownNames {
  return {
    owner: [...new Set(inventory.flatMap(({ owner }) => owner ?? []))],
    rule: policy.policy.rules.map(({ id }) => id),
    source: sources.map(({ id }) => id),
  };
}
