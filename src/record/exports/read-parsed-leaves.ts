import { LeafUnreadable, parseLeaf } from '../../evidence/leaves/leaf.ts';
import type { NumberedLeaf } from '../../evidence/leaves/numbered-leaf.ts';
import { readStoredLeaves } from '../checks/read-leaves.ts';
import type { Records } from '../store/database.ts';

/**
 * The first `size` leaves that can be read. One that somebody changed is named by the check, and by
 * whoever verifies the pack.
 */
export async function readParsedLeaves(
  db: Records,
  size: number,
): Promise<readonly NumberedLeaf[]> {
  const leaves: NumberedLeaf[] = [];
  for await (const { n, body } of readStoredLeaves(db, 0, size)) {
    const leaf = readOrSkip(body);
    if (leaf !== undefined) leaves.push({ n, at: new Date(leaf.event.at), ...leaf });
  }
  return leaves;
}

function readOrSkip(body: string) {
  try {
    return parseLeaf(body);
  } catch (error) {
    if (error instanceof LeafUnreadable) return undefined;
    throw error;
  }
}
