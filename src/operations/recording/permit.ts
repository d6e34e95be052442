import type { Access } from '../../options/roles.ts';
import type { Denied } from '../../record/audit-log/count-denials.ts';
import { AccessRefused, assertPermitted, type Caller } from '../caller.ts';

/** Hears of what somebody was denied. */
export type NoteDenied = (denied: Denied) => void;

/** Throws `AccessRefused` if the caller's role does not permit this. */
export function permit(
  caller: Caller,
  { what, access }: { readonly what: string; readonly access: Access },
  noteDenied: NoteDenied,
): void {
  try {
    assertPermitted(caller, access);
  } catch (error) {
    if (error instanceof AccessRefused) {
      const { name: who, role, from: origin } = caller;
      noteDenied({ who, role, what, origin, reason: error.message });
    }
    throw error;
  }
}
