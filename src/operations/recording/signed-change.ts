import type { AskedChange } from '../../record/audit-log/record-asked.ts';
import type { Caller } from '../caller.ts';
import { boundText } from './bound-input.ts';

/** How somebody signs in at the port. */
export type SignInWay = 'token' | 'link' | 'oidc';

/** That somebody begins or ends a session in a browser. */
export function toSignedChange(
  { name, role, from }: Pick<Caller, 'name' | 'from'> & { readonly role: string },
  what: 'sign-in' | 'sign-out',
  by: SignInWay | undefined,
): AskedChange {
  return {
    ...{ who: boundText(name), role, asserted: null, what, origin: boundText(from) },
    input: by === undefined ? {} : { by },
  };
}
