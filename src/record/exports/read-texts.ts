import { parseChanges, type SweepChanges } from '../../evidence/changes.ts';
import type { MadePackInfo } from '../../evidence/pack-files/pack-info.ts';
import { comparePaths } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { makeTexts, type TextMaker } from '../../evidence/summary/pack-texts.ts';
import type { SummaryInput } from '../../evidence/summary/summarise.ts';
import type { ClosedSweepLeaf } from '../../evidence/sweeps/closed-sweeps.ts';
import { readObject } from '../log/log-objects.ts';
import type { Records } from '../store/database.ts';
import type { GatheredExport } from './gather-export.ts';
import { readPolicyObject } from './read-policy-object.ts';

/** The files of a pack that are for people, handed out in the order of their paths. */
export interface PackTexts {
  before(path: string): Iterable<PackFile>;
  rest(): Iterable<PackFile>;
}

export async function readTexts(
  db: Records,
  plan: GatheredExport,
  info: MadePackInfo,
  maker: TextMaker,
): Promise<PackTexts> {
  const isWhole = info.only === null;
  const evidence = isWhole ? await readSummaryEvidence(db, plan) : noEvidence;
  const left = [...makeTexts(info, evidence, maker)];
  return {
    *before(path) {
      for (let next = left[0]; next !== undefined; next = left[0]) {
        if (comparePaths(next.path, path) > 0) return;
        left.shift();
        yield next;
      }
    },
    rest: () => left.splice(0),
  };
}

type Evidence = Omit<SummaryInput, 'info'>;

const noEvidence: Evidence = { leaves: [], changes: new Map(), policies: new Map() };

/** What a summary of these sweeps is made from: what their pack holds too. */
export async function readSummaryEvidence(
  db: Records,
  { leaves, sweeps }: Pick<GatheredExport, 'leaves' | 'sweeps'>,
): Promise<Evidence> {
  const changes = new Map<number, SweepChanges>();
  const policies = new Map<string, string>();
  for (const { leaf } of sweeps) {
    const read = await readChanges(db, leaf);
    if (read !== undefined) changes.set(leaf.n, read);
    const { policy } = leaf.subjects;
    if (policy === undefined || policies.has(policy)) continue;
    const text = await readPolicyObject(db, policy);
    if (text !== undefined) policies.set(policy, text);
  }
  return { leaves, changes, policies };
}

/** Undefined also for an object that somebody changed: whoever verifies the pack sees that. */
async function readChanges(
  db: Records,
  { subjects }: ClosedSweepLeaf,
): Promise<SweepChanges | undefined> {
  const text = subjects.changes && (await readObject(db, subjects.changes));
  return text ? parseChanges(text) : undefined;
}
