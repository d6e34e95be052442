import { type MeaningFault, mapping } from '../../evaluate/policy/plain-values.ts';
import { parseUrl } from '../../options/address.ts';
import { callerRoles } from '../../options/roles.ts';
import { isLoopback } from './http-addresses.ts';

/** Contradictions in `http.oidc`, as plain values of any shape. `http`: the section around it. */
export function checkOidc(http: Readonly<Record<string, unknown>>): MeaningFault[] {
  if (http['oidc'] === undefined) return [];
  const path = ['http', 'oidc'];
  const oidc = mapping(http['oidc']);
  const faults: MeaningFault[] = [];
  if (http['publicUrl'] === undefined) {
    const message = 'needs http.publicUrl: the provider sends people back there';
    faults.push({ path, message });
  }
  if (http['open'] === true) {
    faults.push({ path, message: 'is not used, as http.open is true: leave one out' });
  }
  if (isReadable(oidc['issuer'])) {
    const message = 'must begin with https://, as what it says decides who may change what';
    faults.push({ path: [...path, 'issuer'], message });
  }
  const roles = mapping(oidc['roles']);
  if (oidc['roles'] !== undefined && callerRoles.every((role) => roles[role] === undefined)) {
    faults.push({ path: [...path, 'roles'], message: 'gives nobody a role' });
  }
  return faults;
}

/** Whether others could change what such an issuer says on its way. */
function isReadable(issuer: unknown): boolean {
  const url = typeof issuer === 'string' ? parseUrl(issuer) : undefined;
  return url?.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
}
