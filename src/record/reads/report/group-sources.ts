/** A source of a sweep, and in how many batches its keys are. */
export interface SweptSource {
  readonly source: string;
  readonly batches: number;
}

/** About 10,000 keys: then a statement costs little beside what it lists. */
const batchesOfGroup = 50;

/**
 * Which sources one statement lists, in their order: a large one alone, and small ones together,
 * because a statement takes as long as a few hundred keys.
 */
export function groupSources(sources: readonly SweptSource[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let room = 0;
  for (const { source, batches } of sources) {
    room -= batches;
    if (room >= 0) {
      groups.at(-1)?.push(source);
      continue;
    }
    groups.push([source]);
    room = batchesOfGroup - batches;
  }
  return groups;
}
