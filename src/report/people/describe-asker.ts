import type { AuditRecord } from '../audit-model.ts';
import { describeKnown } from './named-person.ts';

type Asker = Pick<AuditRecord, 'who' | 'role' | 'asserted' | 'known' | 'mail'>;

/** The role of whoever asked for a change, how they were known, and the name that they gave. */
export function describeAsker({ who, role, asserted, known, mail }: Asker): string {
  const how = describeKnown({ by: who, known, mail });
  const parts = [role, how, asserted === null || asserted === who ? null : `asserted ${asserted}`];
  return parts.filter((part) => part !== null && part !== '').join(', ');
}
