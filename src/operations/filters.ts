import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { severities } from '../evaluate/policy/severity.ts';
import type { ListedKeys } from '../inventory/listed-keys.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { FindingStatus } from '../record/reads/lists/findings-filter.ts';
import type { KnownNames } from '../record/reads/lists/known-names.ts';
import { isStorable } from '../text/is-storable.ts';
import { several } from './answers.ts';

export const oneName = z
  .string()
  .max(1_000)
  .refine(isStorable, 'must not hold U+0000 or halves of surrogate pairs');

/** Alternatives for one filter. */
export const names = several(oneName).readonly().optional();

export const findingStatuses = ['open', 'waived', 'resolved'] as const satisfies FindingStatus[];
export const severityAsked = z.enum(severities);

/** The filters that keys and findings have in common. */
export const keyFilter = {
  owner: names,
  environment: names,
  tag: names,
  source: names,
  rule: names,
  key: names,
  verdict: several(z.enum(['pass', 'fail', 'waived', 'unknown']))
    .readonly()
    .optional(),
  text: oneName.refine((text) => text.length <= 200, 'must have at most 200 characters').optional(),
};

/** The names that the configuration knows, found when they are needed. */
export function knownNames({ inventory, policy, sources, schedules }: Config): KnownNames {
  return {
    configured: {
      rule: () => policy.policy.rules.map(({ id }) => id),
      source: () => sources.map(({ id }) => id),
      schedule: () => schedules.map(({ id }) => id),
    },
    listed: {
      owner: () => namesOf(inventory, ({ owner }) => [owner]),
      environment: () => namesOf(inventory, ({ environment }) => [environment]),
      tag: () => namesOf(inventory, ({ tags }) => tags),
    },
  };
}

async function namesOf(
  inventory: ListedKeys,
  named: (key: TrackedKey) => readonly (string | null)[],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const some of inventory.chunks()) {
    for (const key of some) for (const name of named(key)) if (name !== null) names.add(name);
  }
  return names;
}
