import type { AskedChange } from '../../record/audit-log/record-asked.ts';
import { type Caller, identify } from '../caller.ts';
import { boundPerson, boundText } from './bound-input.ts';

/** How somebody signs in at the port. */
export type SignInWay = 'token' | 'link' | 'oidc';

/** That somebody begins or ends a session in a browser. */
export function toSignedChange(
  caller: Omit<Caller, 'role'> & { readonly role: string },
  what: 'sign-in' | 'sign-out',
  by: SignInWay | undefined,
): AskedChange {
  const { name, role, from } = caller;
  return {
    ...boundPerson(identify(caller)),
    ...{ who: boundText(name), role, asserted: null, what, origin: boundText(from) },
    input: by === undefined ? {} : { by },
  };
}
