import type { Summary } from './summary.ts';

export const summarySchema = 'keysweep.evidence-summary/1';

/** A summary as JSON; instants become texts when it is written. */
export function renderSummaryJson({ info, unheld, ...rest }: Summary): object {
  const { origin, installation, size, keysweep, timezones } = info;
  return {
    schema: summarySchema,
    log: { origin, installation, size },
    madeBy: { keysweep, timezones },
    ...rest,
    unheld: unheld.map((group) => ({
      ...group,
      ...{ first: new Date(group.first), last: new Date(group.last) },
    })),
  };
}

type WrittenSummary = Omit<Summary, 'info' | 'unheld'> & {
  readonly log: Pick<Summary['info'], 'origin' | 'installation' | 'size'>;
  readonly madeBy: Pick<Summary['info'], 'keysweep' | 'timezones'>;
  readonly unheld: readonly (Omit<Summary['unheld'][number], 'first' | 'last'> & {
    readonly first: string;
    readonly last: string;
  })[];
};

/** The summary that `renderSummaryJson` was given. */
export function readSummaryJson(json: unknown): Summary {
  const { log, madeBy, unheld, ...rest } = reviveInstants(json) as WrittenSummary & {
    readonly schema?: string;
  };
  const { schema: _, ...said } = rest;
  const { from, to } = said;
  return {
    ...said,
    info: { from: from.toISOString(), to: to.toISOString(), ...log, ...madeBy },
    unheld: unheld.map((group) => ({
      ...group,
      ...{ first: Date.parse(group.first), last: Date.parse(group.last) },
    })),
  };
}

const instants = ['from', 'to', 'at', 'asOf', 'since', 'closedAt', 'answerBy', 'expires'];

/** A copy in which the texts of these fields are instants, at any depth. */
function reviveInstants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reviveInstants);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      typeof field === 'string' && instants.includes(name)
        ? new Date(field)
        : reviveInstants(field),
    ]),
  );
}
