import { expect, test } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
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
  type Saying,
  seenFindings,
  someKeys,
} from '../world.ts';
import { check } from './check.ts';

const rules = `
  - { id: wide, type: over-scoped, forbid: ['*:write'], severity: high }
  - { id: silent, type: unaudited, after: 1h, severity: low }
`;
const using = inputs(someKeys(2), rules);
const writes: Saying = { details: { scopes: ['customers:write'] } };
const unreadable: Saying = { details: { scopes: undefined } };

describePostgres('comparing what was last seen of findings with the log', (get) => {
  const differences = async () => (await check(get())).differences.map(renderDifference);

  test('finds nothing after a re-audit that learned nothing of a key', async () => {
    await judgedSweep(get(), using, { key_0: unreadable, key_1: writes });
    await run(
      get(),
      `update keysweep.tracked_key set tracked_at = tracked_at - interval '2 days',
         known_at = known_at - interval '2 days'`,
    );
    await judgedSweep(get(), using, { key_0: unreadable, key_1: writes });
    const opened = await open(get(), using, [aTrackedKey('key_0')]);
    await recordJudged(get(), await claim(get(), opened), { key_0: { unknown: true } });
    await close(get(), opened.sweepId);
    const seen = await seenFindings(get(), 'prod');
    expect(seen.find(({ rule }) => rule === 'silent')?.state).toBe('open');
    expect(await differences()).toEqual([]);
  });

  test('lets no sighting say anything of a finding that has ended', async () => {
    await judgedSweep(get(), using, { key_1: writes });
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
