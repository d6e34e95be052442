import { expect, test } from 'vitest';
import { describeStores } from '../stores.ts';
import {
  aSource,
  findings,
  inputs,
  judgedSweep,
  one,
  run,
  type Saying,
  someKeys,
} from '../world.ts';

const day = 86_400_000;
const rules = `
  - { id: stale, type: stale, after: 45d, severity: high }
  - { id: silent, type: unaudited, after: 30d, severity: low }
`;
const createdOn = new Date('2020-01-01T00:00:00Z');
const saying = (daysAgo: number): Record<string, Saying> => ({
  key_0: { details: { createdOn, lastUsed: new Date(Date.now() - daysAgo * day) } },
});

describeStores('a key that was observed before the clock was set back', (get) => {
  /** Its last observation and verdict lie so far in what is now the future. */
  async function ahead(interval: string) {
    const source = aSource();
    const using = inputs(someKeys(1, source), rules);
    await judgedSweep(get(), using, saying(1));
    await run(
      get(),
      `update keysweep.tracked_key set observed_at = now() + interval '${interval}',
         known_at = now() + interval '${interval}' where source = '${source}'`,
    );
    await judgedSweep(get(), using, saying(90));
    const { sane } = await one<{ sane: boolean }>(
      get(),
      `select observed_at <= clock_timestamp() and known_at <= clock_timestamp() as sane
       from keysweep.tracked_key where source = '${source}'`,
    );
    return { findings: await findings(get(), source), sane };
  }

  test('follows what is observed now, by 2 hours and by 10 years', async () => {
    for (const interval of ['2 hours', '10 years']) {
      expect(await ahead(interval)).toEqual({ findings: ['key_0 stale open'], sane: true });
    }
  });

  test('follows its newest observation over the small steps of time servers', async () => {
    expect((await ahead('110 seconds')).findings).toEqual([]);
  });
});
