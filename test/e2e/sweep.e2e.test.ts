import { readFile } from 'node:fs/promises';
import { describe, expect, inject, test } from 'vitest';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';
import { freshDatabase } from '../support/postgres.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, hasStack, type Stack, stacks } from './world.ts';

const sampleOf = (name: string) =>
  readFile(new URL(`../../config/${name}`, import.meta.url), 'utf8');

async function sweepSample(stack: Stack) {
  const inventory = (await sampleOf('keys.csv')).replaceAll('flexcharge-sandbox,', 'vendor,');
  // PostgreSQL's begins empty, as a newcomer's does: the command itself brings the tables.
  const empty = stack === 'postgres' ? await freshDatabase(inject('databaseUrl') ?? '') : undefined;
  const databaseUrl = empty === undefined ? {} : { databaseUrl: empty.url };
  const world = await createWorld({ stack, fleet: sampleFleet, inventory, ...databaseUrl });
  try {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${world.folder}/policy.yaml`, await sampleOf('policy.yaml'));
    const ended = await world.run(['sweep', '--format', 'json']);
    return { code: ended.code, report: readJsonOutput(ended) };
  } finally {
    await world.close();
    await empty?.drop();
  }
}

describe('the sample fleet', () => {
  test.skipIf(!stacks.every(hasStack))(
    'breaks the same rules and has the same unknowns on all three stacks',
    async () => {
      const [embedded, ...others] = await Promise.all(stacks.map(sweepSample));
      expect(embedded?.code).toBe(1);
      expect(embedded?.report.violations.length).toBeGreaterThan(20);
      expect(embedded?.report.unknowns.length).toBeGreaterThan(0);
      for (const { code, report } of others) {
        expect(code).toBe(1);
        const without = (list: readonly object[]) =>
          list.map((one) => ({ ...one, firstSeen: undefined }));
        expect(without(report.violations)).toEqual(without(embedded?.report.violations ?? []));
        expect(report.unknowns).toEqual(embedded?.report.unknowns);
        expect(report.coverage).toEqual(embedded?.report.coverage);
      }
    },
  );
});
