/** The id of the early-warning rule that `warnBefore` adds. */
export function dueId(ruleId: string): string {
  return `${ruleId}.due`;
}

/** The id of the `missing` rule that is added to a policy without one; `taken` does not have it. */
export function missingId(taken: ReadonlySet<string>): string {
  let id = 'missing';
  for (let n = 1; taken.has(id); n++) id = n === 1 ? 'missing-key' : `missing-key-${n}`;
  return id;
}
