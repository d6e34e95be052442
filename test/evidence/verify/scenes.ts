import type { TickCounts } from '../../../src/evidence/ticks/judge-ticks.ts';
import type { PackProblem } from '../../../src/evidence/verify/problem.ts';
import type { KeptCheckpoint, Trust } from '../../../src/evidence/verify/trust.ts';
import type { Verification } from '../../../src/evidence/verify/verification.ts';
import { verifyPack } from '../../../src/evidence/verify/verify-pack.ts';
import { day, Installation, type InstallationOptions, keyOf, origin } from './installation.ts';
import { type Files, makePack, maker, readerOf } from './make-pack.ts';

export const start = new Date('2026-01-01T00:00:00Z');

/** When the sweep of a night is due. */
export function nightAt(index: number): Date {
  return new Date(start.getTime() + index * day + 2 * 3_600_000);
}

/** This long after the instant of a night. */
export function afterNight(index: number, ms: number): Date {
  return new Date(nightAt(index).getTime() + ms);
}

/** Nights that went well, one sweep and one signed checkpoint each. */
export function nights(count: number, options: InstallationOptions = {}): Installation {
  const home = new Installation(options).begin(start);
  for (let index = 0; index < count; index += 1) {
    home.sweep({ dueAt: nightAt(index) });
    home.sign(afterNight(index, 610_000));
  }
  return home;
}

/** From the beginning of the log to the closing of the last of these nights. */
export function periodOf(count: number) {
  return { from: start, to: afterNight(count - 1, 600_000) };
}

export const trust: Trust = {
  logKeys: [keyOf(origin).verifier],
  witnesses: [],
  quorum: { kind: 'none' },
};

export interface Terms {
  readonly trust?: Trust;
  readonly kept?: readonly KeptCheckpoint[];
  readonly from?: Date;
  readonly to?: Date;
}

export function verify(files: Files, terms: Terms = {}): Promise<Verification> {
  return verifyPack({
    ...{ reader: readerOf(files), trust: terms.trust ?? trust, kept: terms.kept ?? [] },
    ...{ from: terms.from, to: terms.to, maker },
  });
}

/** What is said of a pack, in this process or by a program. */
export interface Told {
  readonly verdict: Verification['verdict'];
  readonly problems: readonly PackProblem[];
  readonly ticks: TickCounts | undefined;
}

/** The suites of tampering and of meaning ask this, whatever answers. */
export type Verify = (files: Files, terms?: Terms) => Promise<Told>;

export const verifyHere: Verify = async (files, terms) => {
  const { verdict, problems, found } = await verify(files, terms);
  return { verdict, problems, ticks: found?.ticks };
};

/** The codes and places of what is wrong, without doubles. */
export function wrongBy(verify: Verify) {
  return async (files: Files, terms?: Terms): Promise<readonly string[]> => {
    const { problems } = await verify(files, terms);
    return [...new Set(problems.map(({ exit, code, place }) => `${exit} ${code} at ${place}`))];
  };
}

export function packOf(home: Installation, count: number): Files {
  return makePack(home, periodOf(count));
}
