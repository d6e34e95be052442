import type { z } from 'zod';

/** What is wrong with an input, in one line. */
export function renderInputFaults({ issues }: z.core.$ZodError): string {
  return issues.map(renderFault).join('; ');
}

function renderFault({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}
