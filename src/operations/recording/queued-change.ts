import type { AskedChange } from '../../record/audit-log/record-asked.ts';
import { boundInput } from './bound-input.ts';
import { assertedIn } from './record-change.ts';

/** An audit that another program asks for over the queue: who that is, nobody can say. */
export function toQueuedChange(request: object): AskedChange {
  return {
    who: 'queue',
    role: null,
    asserted: assertedIn(request),
    what: 'audit',
    input: boundInput(request),
    origin: 'queue',
  };
}
