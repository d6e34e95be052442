import type { Severity } from '../evaluate/policy/policy.ts';
import type { Operations } from '../operations/operations.ts';

/**
 * The exit code of a command that lists: 0, but 1 where it was asked to fail on a severity and an
 * unwaived finding as severe, or more so, is open, listed or not.
 */
export async function listExitCode(
  operations: Pick<Operations, 'readFindings'>,
  failOn: Severity | undefined,
): Promise<0 | 1> {
  if (failOn === undefined) return 0;
  const open = operations.readFindings({ statuses: ['open'], severity: failOn });
  for await (const _finding of open) return 1;
  return 0;
}
