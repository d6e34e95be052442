import { eventually } from '../support/eventually.ts';
import { openProducer } from './producer.ts';
import { queryRecords } from './records.ts';
import { freshKey, staleKey, type World } from './world.ts';

/** Every key of the fleet is forgotten in the first round, used in the second, and so on. */
export interface Changes {
  readonly keys: number;
  readonly rounds: number;
  /** So many keys are asked for at once: their changes are one message of a webhook's. */
  readonly together: number;
}

export const messagesOf = ({ keys, rounds, together }: Changes) => (keys * rounds) / together;

export const keyOf = (at: number) => `key_${String(at).padStart(4, '0')}`;

/** What a receiver must hear of each key, in this order. */
export function storyOf({ rounds }: Changes): readonly string[] {
  return Array.from({ length: rounds }, (_, round) => {
    if (round % 2 === 1) return 'resolved';
    return round === 0 ? 'opened' : 'reopened';
  });
}

export function fleetOf({ keys }: Changes) {
  return Array.from({ length: keys }, (_, at) => ({ ...staleKey, id: keyOf(at) }));
}

const closedSweeps = async (world: World) => {
  const rows = await queryRecords<{ count: number }>(
    world,
    'select count(*)::integer as count from keysweep.sweep where closed_at is not null',
  );
  return rows[0]?.count ?? 0;
};

/** Makes the changes happen, each found by a real re-audit that another program asks for. */
export async function makeChanges(world: World, changes: Changes): Promise<void> {
  const { keys, rounds, together } = changes;
  const producer = openProducer(world);
  try {
    const requests = producer.queue('keysweep-requests');
    for (let round = 0; round < rounds; round += 1) {
      const now = round % 2 === 0 ? staleKey : freshKey;
      const ids = Array.from({ length: keys }, (_, at) => keyOf(at));
      for (const id of ids) world.sandbox.fleet.setKey({ ...now, id });
      const jobs = Array.from({ length: keys / together }, (_, at) => {
        const some = ids.slice(at * together, (at + 1) * together);
        const asked = some.map((keyId) => ({ source: 'vendor', keyId }));
        return { name: 'audit-keys', data: { keys: asked, reason: `round ${round}` } };
      });
      await requests.addBulk(jobs);
      const expected = ((round + 1) * keys) / together;
      await eventually(
        `round ${round} is closed`,
        async () => (await closedSweeps(world)) >= expected,
        { deadlineMs: 120_000, everyMs: 50 },
      );
    }
  } finally {
    await producer.close();
  }
}

/** Holds every channel back, or lets them go, as a receiver's `Retry-After` would. */
export async function holdChannels(
  world: World,
  channels: readonly string[],
  seconds: number,
): Promise<void> {
  await queryRecords(
    world,
    `insert into keysweep.channel_pace (channel, free_at)
     select c, clock_timestamp() + $2 * interval '1 second' from unnest($1::text[]) c
     on conflict (channel) do update set free_at = excluded.free_at`,
    [channels, seconds],
  );
}
