/**
 * A batch has up to 200 keys, and the lists of its objects an item for each. To judge one of millions,
 * as a hostile pack may have it, would fill the memory.
 */
const mostItems = 1_000;

/** Whether no list of a parsed object is longer than those of a batch may be. */
export function hasShortLists(raw: unknown): boolean {
  const members = typeof raw === 'object' && raw !== null ? Object.values(raw) : [];
  return members.every((member) => !Array.isArray(member) || member.length <= mostItems);
}
