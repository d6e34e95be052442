import { hashChildren, rootOf } from '../../log/merkle.ts';

/** The roots of the trees with the first leaves, for each of these sizes that the log had. */
export function rootsAt(
  hashes: readonly Uint8Array[],
  sizes: Iterable<number>,
): ReadonlyMap<number, Buffer> {
  const wanted = new Set(sizes);
  const roots = new Map<number, Buffer>();
  if (wanted.has(0)) roots.set(0, rootOf([]));
  // Complete subtrees so far, the largest first: one for each bit of the number of leaves.
  const complete: Uint8Array[] = [];
  for (const [index, hash] of hashes.entries()) {
    let node = hash;
    for (let count = index + 1; count % 2 === 0; count /= 2) {
      node = hashChildren(complete.pop() ?? node, node);
    }
    complete.push(node);
    if (!wanted.has(index + 1)) continue;
    roots.set(
      index + 1,
      Buffer.from(complete.reduceRight((right, left) => hashChildren(left, right))),
    );
  }
  return roots;
}
