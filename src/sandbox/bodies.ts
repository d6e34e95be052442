import type { FleetKey } from './fleet-key.ts';

/** The answer of “get an API key” (from its page). A field that the fleet lacks is absent. */
export function keyBody(key: FleetKey): Record<string, unknown> {
  const { id, name, type, scopes, createdOn, lastUsed, lastFour } = key;
  const details = { id, name, type, scopes, createdOn, lastUsed, lastFour };
  return { status: 'SUCCESS', success: true, ...details, errors: [] };
}

/** The answer of a failed retrieval (from its page): every other field is null. */
export function failedBody(errors: readonly string[]): Record<string, unknown> {
  return {
    status: 'FAILED',
    success: false,
    id: null,
    name: null,
    type: null,
    scopes: null,
    createdOn: null,
    lastUsed: null,
    lastFour: null,
    errors,
  };
}

/** The list of a merchant's keys (from the docs): snake case, no id, no scopes. */
export function listBody(keys: readonly FleetKey[]): Record<string, unknown> {
  return {
    keys: keys.map((key) => ({
      name: key.name ?? null,
      type: key.type ?? null,
      created_at: key.createdOn ?? null,
      last_used: key.lastUsed ?? null,
      last_four: key.lastFour ?? null,
    })),
  };
}

/** The token endpoint's answer (from traffic): `expires` is in milliseconds since the epoch. */
export function tokenBody(accessToken: string, expires: unknown): Record<string, unknown> {
  return {
    accessToken,
    refreshToken: 'sandbox-refresh-token',
    expires,
    id: '0ba84f6e-7a9e-43f1-ae6d-c508b466424a',
    session: null,
    success: true,
    result: null,
    status: null,
    statusCode: null,
    errors: [],
    customProperties: {},
  };
}

const traceId = '00-5ad0b00c1ff1a0d9-0';

/** An error body. The four shapes are known; which status has which is an assumption. */
export function errorBody(status: number): Record<string, unknown> {
  if (status === 401) return { errors: ['Authentication failed. Invalid bearer token.'] };
  if (status === 403) return { errors: ['You do not have permission to view this API key.'] };
  if (status === 409) {
    const errors = [{ item1: 'ApiKey', item2: 'The API key is being changed.' }];
    return { success: false, status: 'FAILED', responseCode: '409', responseMessage: '', errors };
  }
  if (status >= 500) return { TraceId: [traceId], Server: ['An unexpected error occurred.'] };
  const errors = { Request: [`The request could not be served (${status}).`] };
  return { status, title: 'The request failed.', traceId, errors };
}

export const notFoundBody = { errors: ['API key not found.'] };
export const notFoundFailedBody = failedBody(['API key not found.', 'Invalid API key ID.']);
export const badCredentialsBody = {
  status: 400,
  title: 'One or more validation errors occurred.',
  traceId,
  errors: { Credentials: ['Invalid AppKey or AppSecret.'] },
};
