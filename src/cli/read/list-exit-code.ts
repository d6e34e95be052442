import type { Severity } from '../../evaluate/policy/policy.ts';
import type { Operations } from '../../operations/index.ts';
import type { KeyFilter } from '../../record/reads/lists/key-filter.ts';

/**
 * The exit code of a command that lists: 0; but 1 with `--fail-on` while an unwaived finding of that
 * severity or above is open, whether or not it is listed. `named`: only findings with these names.
 */
export async function listExitCode(
  operations: Pick<Operations, 'findings'>,
  failOn: Severity | undefined,
  named: KeyFilter & { readonly rule?: readonly string[] | undefined } = {},
): Promise<0 | 1> {
  if (failOn === undefined) return 0;
  const open = operations.findings({ ...named, status: ['open'], severity: failOn });
  for await (const _finding of open) return 1;
  return 0;
}
