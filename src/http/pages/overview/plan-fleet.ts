import type { Verdict } from '../../../evaluate/judgement.ts';
import type { FleetGroup, MappedKey } from '../../../record/reads/pages/read-fleet.ts';

export const fleetGroupings = ['owner', 'environment', 'source'] as const;
export type FleetGrouping = (typeof fleetGroupings)[number];

export type GroupCounts = Readonly<Record<Verdict | 'none', number>>;

/** The keys of one owner, environment or source; a null name: nobody, or nothing, is named. */
export interface FleetPart {
  readonly name: string | null;
  readonly keys: number;
  readonly counts: GroupCounts;
  /** Empty if the map shows groups only. */
  readonly cells: readonly MappedKey[];
}

export interface FleetMap {
  readonly by: FleetGrouping;
  /** The most failing keys first. */
  readonly parts: readonly FleetPart[];
  /** Groups that are left out, and the keys in them. */
  readonly left: { readonly parts: number; readonly keys: number };
}

/** A map with one cell per key. */
export function planKeyMap(keys: readonly MappedKey[], by: FleetGrouping): FleetMap {
  const parts = new Map<string | null, MappedKey[]>();
  for (const key of keys) {
    const cells = parts.get(key[by]);
    if (cells === undefined) parts.set(key[by], [key]);
    else cells.push(key);
  }
  const planned = [...parts].map(([name, cells]) => {
    const counts = noCounts();
    for (const { verdict } of cells) counts[verdict ?? 'none'] += 1;
    return { name, keys: cells.length, counts, cells };
  });
  return { by, parts: planned.sort(compareParts), left: { parts: 0, keys: 0 } };
}

/** A map with one cell per group, `most` at most. */
export function planGroupMap(
  groups: readonly FleetGroup[],
  by: FleetGrouping,
  most: number,
): FleetMap {
  const parts = new Map<string | null, Record<keyof GroupCounts, number>>();
  for (const group of groups) {
    const counts = parts.get(group[by]) ?? noCounts();
    counts[group.verdict] += group.keys;
    parts.set(group[by], counts);
  }
  const planned = [...parts]
    .map(([name, counts]) => ({ name, keys: sum(counts), counts, cells: [] }))
    .sort(compareParts);
  const left = planned.slice(most);
  const keys = left.reduce((total, part) => total + part.keys, 0);
  return { by, parts: planned.slice(0, most), left: { parts: left.length, keys } };
}

function noCounts(): Record<keyof GroupCounts, number> {
  return { fail: 0, unknown: 0, waived: 0, pass: 0, none: 0 };
}

function sum(counts: GroupCounts): number {
  return Object.values(counts).reduce((total, keys) => total + keys, 0);
}

function compareParts(a: FleetPart, b: FleetPart): number {
  return (
    b.counts.fail - a.counts.fail ||
    b.counts.unknown - a.counts.unknown ||
    b.keys - a.keys ||
    ((a.name ?? '') < (b.name ?? '') ? -1 : 1)
  );
}
