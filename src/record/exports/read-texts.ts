import { parseChanges, type SweepChanges } from '../../evidence/changes.ts';
import type { NumberedLeaf } from '../../evidence/leaves/numbered-leaf.ts';
import type { MadePackInfo } from '../../evidence/pack-files/pack-info.ts';
import { comparePaths } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { makeTexts, type TextMaker } from '../../evidence/summary/pack-texts.ts';
import type { SummaryInput } from '../../evidence/summary/summarise.ts';
import { readObject } from '../log/log-objects.ts';
import type { Records } from '../store/database.ts';
import type { ExportedSweep, GatheredExport } from './gather-export.ts';
import { readParsedLeaves } from './read-parsed-leaves.ts';
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
  { size, sweeps }: Pick<GatheredExport, 'size' | 'sweeps'>,
): Promise<Evidence> {
  const evidence = await readSweepEvidence(
    db,
    sweeps.map(({ leaf }) => leaf),
  );
  return { leaves: await readAllLeaves(db, size), ...evidence };
}

/** The first `size` leaves, as far as they can be read. */
export async function readAllLeaves(db: Records, size: number): Promise<readonly NumberedLeaf[]> {
  const leaves: NumberedLeaf[] = [];
  for await (const leaf of readParsedLeaves(db, size)) leaves.push(leaf);
  return leaves;
}

type SweepLeaf = Pick<ExportedSweep['leaf'], 'n' | 'subjects'>;

/** What these sweeps changed, and the policies that they judged by. */
export async function readSweepEvidence(
  db: Records,
  sweeps: readonly SweepLeaf[],
): Promise<Omit<Evidence, 'leaves'>> {
  const changes = new Map<number, SweepChanges>();
  const policies = new Map<string, string>();
  for (const leaf of sweeps) {
    const read = await readChanges(db, leaf);
    if (read !== undefined) changes.set(leaf.n, read);
    const { policy } = leaf.subjects;
    if (policy === undefined || policies.has(policy)) continue;
    const text = await readPolicyObject(db, policy);
    if (text !== undefined) policies.set(policy, text);
  }
  return { changes, policies };
}

/** Undefined also for an object that somebody changed: whoever verifies the pack sees that. */
async function readChanges(
  db: Records,
  { subjects }: SweepLeaf,
): Promise<SweepChanges | undefined> {
  const text = subjects.changes && (await readObject(db, subjects.changes));
  try {
    return text ? parseChanges(text) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
