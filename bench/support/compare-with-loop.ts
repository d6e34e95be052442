import type { Found, Say } from './define-bench.ts';
import { median, overRounds } from './median.ts';
import { runPart } from './processes/fork-part.ts';
import { type ProcessWatch, watchProcesses } from './processes/watch-processes.ts';
import { rounded } from './render-lines.ts';
import type { Keep } from './scope.ts';
import { type Span, secondsOf } from './span.ts';
import type { VendorProcess } from './vendor/start-vendor.ts';
import type { PolicyName } from './world/create-world.ts';
import { openEmbeddedPlace, openPlace, type Place } from './world/open-place.ts';
import type { Servers } from './world/open-servers.ts';
import { type Phases, readPhases } from './world/read-phases.ts';
import type { World } from './world/run-keysweep.ts';
import { sweepWorld } from './world/sweep.ts';

export interface Comparison {
  readonly keys: number;
  readonly inFlight: number;
  readonly failing: number;
  readonly policy: PolicyName;
  readonly store: 'servers' | 'embedded';
}

/** What the rounds of a comparison share. */
export interface Arena {
  readonly comparison: Comparison;
  readonly vendor: VendorProcess;
  readonly servers: Servers | undefined;
  readonly world: World;
  readonly watch: ProcessWatch;
}

export interface Round {
  readonly loop: Span;
  readonly sweep: Span;
  /** Of the sweep; undefined on the embedded store. */
  readonly phases: Phases | undefined;
}

/** Opens vendor, servers and world, and runs a loop that does not count: it warms up the vendor. */
export async function openArena(comparison: Comparison, keep: Keep): Promise<Arena> {
  const { keys, failing, store, policy, inFlight } = comparison;
  const plan = { fleet: { keys, failing }, policy, source: { concurrency: inFlight } };
  const open = store === 'servers' ? openPlace : openEmbeddedPlace;
  const { vendor, world, servers }: Place = await open(plan, keep);
  const watch = watchProcesses();
  await keep(Promise.resolve(watch));
  watch.add('vendor', vendor.pid);
  watch.add('PostgreSQL', servers?.postgresPid);
  watch.add('Redis', servers?.redisPid);
  const arena = { comparison, vendor, servers, world, watch };
  await runLoop(arena, 'warm-up');
  return arena;
}

/** One after the other, so that neither takes the other's processor time. */
export async function runRound(arena: Arena, round: number, say: Say): Promise<Round> {
  const { comparison, servers, world, watch } = arena;
  const loop = await runLoop(arena, `loop ${round}`);
  const seen = (pid: number) => watch.add(`worker ${round}`, pid);
  const sweep = await sweepWorld(world, comparison.keys, { seen });
  const phases = servers && (await readPhases(servers.databaseUrl));
  const texts = [secondsOf(loop), secondsOf(sweep)].map(rounded);
  say(`round ${round + 1}: bare loop ${texts[0]} s, sweep ${texts[1]} s`);
  return { loop, sweep, phases };
}

function runLoop({ comparison, vendor, watch }: Arena, name: string): Promise<Span> {
  const { keys, inFlight } = comparison;
  return runPart<Span>('got-loop', { url: vendor.url, keys, inFlight }, (pid) =>
    watch.add(name, pid),
  );
}

/** How many times as fast as a rival the sweep was, in each round. */
export function speedBeside<R extends string>(
  rounds: readonly (Pick<Round, 'sweep'> & Readonly<Partial<Record<R, Span>>>)[],
  rival: R,
  what: string,
): Found {
  const pairs = rounds.flatMap(({ sweep, [rival]: span }) =>
    span === undefined ? [] : [{ own: secondsOf(sweep), other: secondsOf(span as Span) }],
  );
  const beside = `${what}: ${rounded(median(pairs.map(({ other }) => other)))} s`;
  const ratios = pairs.map(({ own, other }) => other / own);
  return overRounds({ name: `speed beside the ${rival}`, unit: 'times', beside }, ratios);
}

/** What `speedBeside` compares with, of the rival that every comparison has. */
export const aboutLoop = 'got in a loop, same concurrency';
