import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { acknowledgeFinding } from '../../../src/record/findings/acknowledge-finding.ts';
import { eventually } from '../../support/eventually.ts';
import { describePostgres } from '../stores.ts';
import {
  alerting,
  all,
  aSource,
  findings,
  inputs,
  judgedSweep,
  one,
  type Saying,
  someKeys,
} from '../world.ts';

const rules = `
  - { id: odd, type: impossible-metadata, severity: high }
`;
const createdOn = new Date('2020-01-01T00:00:00Z');
const ending = (lastFour: string): Record<string, Saying> => ({
  key_0: { details: { createdOn, lastFour } },
});

describePostgres('acknowledging an event', (get) => {
  test('that a sweep sees beside a contradiction at the same time is refused', async () => {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    for (const lastFour of ['aaaa', 'bbbb', 'bbbb']) {
      await judgedSweep(get(), using, ending(lastFour));
    }
    const { fingerprint } = await one<{ fingerprint: string }>(
      get(),
      `select fingerprint from keysweep.finding where source = '${source}'`,
    );

    const steps = new EventEmitter();
    const recording = get().transact(async (tx) => {
      await sql`
        select from keysweep.finding where source = ${source} for no key update
      `.execute(tx);
      await sql`
        update keysweep.tracked_key set sightings = jsonb_set(sightings, '{odd}', (sightings->'odd')
          || jsonb_build_object('at', clock_timestamp())
          || '{"facts": {"past": ["lastFour changed"], "now": ["used before it was created"]}}')
        where source = ${source}
      `.execute(tx);
      const waited = once(steps, 'the other waits');
      steps.emit('seen again');
      await waited;
    });
    await once(steps, 'seen again');
    const request = { fingerprint, by: 'ann', known: 'asserted', reason: 'it was us' } as const;
    const refused = expect(acknowledgeFinding(get(), request, alerting)).rejects.toThrow(
      'the finding is not only an event',
    );
    await eventually('the acknowledgement waits for the finding', async () => {
      const waiting = await all(get(), 'select from pg_locks where not granted');
      return waiting.length > 0;
    });
    steps.emit('the other waits');
    await Promise.all([recording, refused]);
    expect(await findings(get(), source)).toEqual(['key_0 odd open']);
  });
});
