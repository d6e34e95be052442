import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import { nameObject } from '../../evidence/manifest.ts';
import { encodeSeals } from '../log/adopt-seals.ts';
import type { Records } from '../store/database.ts';
import { checkFacts } from './check-facts.ts';
import { compareTicks } from './compare-ticks.ts';
import type { LogComparison } from './log-comparison.ts';
import type { LogStory } from './log-story.ts';
import { checkCampaigns } from './reviews/check-campaigns.ts';
import { checkListedKeys } from './rows/check-listed-keys.ts';
import { checkOpenFacts } from './rows/check-open-facts.ts';
import { checkTracked } from './rows/check-tracked.ts';
import { checkWaivedKeys } from './rows/check-waived-keys.ts';

/** Compares policies, the seals of earlier builds, schedules with their ticks, and what the log said last. */
export async function checkRest(comparison: LogComparison): Promise<void> {
  const { story, note, view } = comparison;
  await view((one) => checkPolicies(one, story, note));
  await view((one) => checkSeals(one, story, note));
  await checkCampaigns(comparison);
  await view((one) => checkFacts(one, story, note));
  await view((one) => compareTicks(one, story, note));
  await view((one) => checkSimulated(one, story, note));
  await view((one) => checkTracked(one, note));
  await view((one) => checkListedKeys(one, note));
  await view((one) => checkOpenFacts(one, note));
  await checkWaivedKeys(comparison);
}

async function checkPolicies(db: Records, story: LogStory, note: NoteDifference): Promise<void> {
  const left = new Map(story.policies);
  const policies = await sql<{ id: number; hash: string; version: string }>`
    select id, hash, version from keysweep.policy order by id
  `.execute(db);
  for (const { id, hash, version } of policies.rows) {
    const { rows } = await sql<{ text: string }>`
      select text from keysweep.policy where id = ${id}
    `.execute(db);
    const is = `sha256:${nameObject(rows[0]?.text ?? '')}`;
    const name = hash.replace('sha256:', '');
    const leaf = left.get(name);
    left.delete(name);
    const where = { code: 'policy', leaf, place: `policy ${version}` } as const;
    if (is !== hash) note({ ...where, was: hash, is });
    const was = story.versions.get(name) ?? version;
    if (was !== version) note({ ...where, field: 'version', was, is: version });
  }
  for (const [name, leaf] of left) {
    note({ code: 'policy', leaf, was: `sha256:${name}`, is: 'gone' });
  }
}

async function checkSeals(db: Records, { seals }: LogStory, note: NoteDifference): Promise<void> {
  if (seals === undefined) return;
  const text = await encodeSeals(db);
  if (text !== undefined && nameObject(text) === seals.name) return;
  note({ code: 'object', leaf: seals.n, place: 'the seals of earlier builds' });
}

/** Pruning removes simulated sweeps without a word. */
async function checkSimulated(db: Records, story: LogStory, note: NoteDifference): Promise<void> {
  const { rows } = await sql<{ sweeps: number }>`
    select count(*)::integer as sweeps from keysweep.sweep where simulated
  `.execute(db);
  const is = rows[0]?.sweeps ?? 0;
  if (is > story.simulated) note({ code: 'simulated', was: `${story.simulated}`, is: `${is}` });
}
