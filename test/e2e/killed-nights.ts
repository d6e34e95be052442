import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { finish, type Nights, nightMs } from './changing-nights.ts';
import type { Running } from './command.ts';

/** How many nights may pass until a process reaches the place at which it is to die. */
const patience = 3;

const fileOf = ({ world }: Nights) => join(world.folder, 'places');

/** Has a process write down the places that it passes. */
export const noting = (nights: Nights) => ({ KEYSWEEP_FAILPOINTS_PASSED: fileOf(nights) });

/** The places that the processes of these nights have passed, in the order of the first passage. */
export function passedPlaces(nights: Nights): readonly string[] {
  const lines = readFileSync(fileOf(nights), 'utf8').trimEnd().split('\n');
  return [...new Set(lines)];
}

/**
 * Has a process killed at each of these places in turn; the next one continues its work. Returns the
 * places that no process reached.
 */
export async function killAtEach(
  nights: Nights,
  places: readonly string[],
): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const place of places) if (!(await killAt(nights, place))) missed.push(place);
  return missed;
}

async function killAt(nights: Nights, place: string): Promise<boolean> {
  for (let tries = 0; tries < patience; tries += 1) {
    const env = { ...noting(nights), KEYSWEEP_FAILPOINT: place };
    const worker = await nights.start(env);
    if ((await untilEnd(nights, worker)) === 'dead') {
      const { signal, stderr } = await worker.ended;
      expect(signal, `${place}: ${stderr.slice(-2_000)}`).toBe('SIGKILL');
      return true;
    }
    // It may pass this place as it stops.
    await worker.end('SIGTERM');
    nights.begin();
  }
  return false;
}

/** Waits until the process is dead, or has nothing left to do. */
function untilEnd(nights: Nights, worker: Running): Promise<'dead' | 'over'> {
  const { child } = worker;
  const look = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return 'dead';
    if (worker.stderr.includes('keysweep is ready') && (await nights.isOver())) return 'over';
    const state = JSON.stringify(await nights.state());
    throw new Error(`night ${nights.count}: ${state} ${worker.stderr.slice(-2_000)}`);
  };
  return eventually('it dies or has done its work', look, { deadlineMs: nightMs, everyMs: 50 });
}

export interface RandomKills {
  readonly kills: number;
  /** Processes that work at the same time. */
  readonly workers: number;
  /** From 0 to 1. */
  random(): number;
}

/** Kills one of several processes after random times; nights follow one another meanwhile. */
export async function killAtRandom(nights: Nights, terms: RandomKills): Promise<void> {
  const { kills, workers, random } = terms;
  const livesMs = await measureStart(nights);
  const running: Running[] = [];
  for (let killed = 0; killed < kills; killed += 1) {
    while (running.length < workers) running.push(await nights.start());
    // On average, each lives through its start and as long again.
    await sleep((random() * 4 * livesMs) / workers);
    const closed = await nights.areClosed().catch(() => false);
    const [victim] = running.splice(Math.floor(random() * running.length), 1);
    await victim?.end('SIGKILL');
    if (closed) nights.begin();
  }
  for (const one of running) await one.end('SIGKILL');
}

/** How long a process takes until it works. The night that it lives through is the first. */
async function measureStart(nights: Nights): Promise<number> {
  nights.begin();
  const startedAt = performance.now();
  const worker = await nights.start();
  await worker.says('keysweep is ready');
  const tookMs = performance.now() - startedAt;
  await worker.end('SIGTERM');
  await finish(nights);
  nights.begin();
  return tookMs;
}
