import type { Started } from './run-keysweep.ts';

const token = 'bench-operator-token-of-thirty-two-characters';

/** The section `http` of a configuration in which `askServer` may ask for everything. */
export const openToBench = { port: 0, tokens: [{ name: 'bench', token, role: 'operator' }] };

/** Asks a running keysweep over HTTP. Throws if the answer is not a success. */
export async function askServer(
  { port }: Pick<Started, 'port'>,
  path: string,
  body?: object,
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { headers, ...sent });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** Asks for a sweep or for audits; returns the id of the request. */
export async function requestWork(
  server: Pick<Started, 'port'>,
  path: 'sweeps' | 'audits',
  body: object = {},
): Promise<string> {
  const answer = await askServer(server, path, body);
  return ((await answer.json()) as { request: string }).request;
}
