import { expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { unreadable, wideRules, writes } from '../findings/wide-keys.ts';
import { describePostgres } from '../stores.ts';
import {
  aTrackedKey,
  claim,
  close,
  inputs,
  judgedSweep,
  open,
  recordJudged,
  run,
  seenFindings,
  someKeys,
} from '../world.ts';
import { check } from './check.ts';

const using = inputs(someKeys(2), wideRules);
const wide = writes('customers');

describePostgres('comparing what was last seen of findings with the log', (get) => {
  const differences = async () => (await check(get())).differences.map(renderDifference);

  test('finds nothing after a re-audit that learned nothing of a key', async () => {
    await judgedSweep(get(), using, { key_0: unreadable, key_1: wide });
    await run(
      get(),
      `update keysweep.tracked_key set tracked_at = tracked_at - interval '2 days',
         known_at = known_at - interval '2 days'`,
    );
    await judgedSweep(get(), using, { key_0: unreadable, key_1: wide });
    const opened = await open(get(), using, [aTrackedKey('key_0')]);
    await recordJudged(get(), await claim(get(), opened), { key_0: { unknown: true } });
    await close(get(), opened.sweepId);
    const seen = await seenFindings(get(), 'prod');
    expect(seen.find(({ rule }) => rule === 'silent')?.state).toBe('open');
    expect(await differences()).toEqual([]);
  });

  test('lets no sighting say anything of a finding that has ended', async () => {
    await judgedSweep(get(), using, { key_1: wide });
    await judgedSweep(get(), using);
    const before = await seenFindings(get(), 'prod');
    await run(
      get(),
      `update keysweep.tracked_key set sightings = jsonb_build_object('wide', jsonb_build_object(
         'at', clock_timestamp() + interval '1 day', 'facts', '{"forbidden":["x:write"]}'::jsonb))`,
    );
    expect(await seenFindings(get(), 'prod')).toEqual(before);
  });
});
