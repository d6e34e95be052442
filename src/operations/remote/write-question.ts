import type { AnyOperation } from '../operation.ts';
import type { Asked } from './exchange.ts';

/** An operation with its input, as a request over HTTP. */
export function writeQuestion(
  { method, path, access }: Pick<AnyOperation, 'method' | 'path' | 'access'>,
  input: object,
  once: string | undefined,
): Asked {
  const fields = new Map<string, unknown>(Object.entries(input));
  const place = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = fields.get(name);
    fields.delete(name);
    return encodeURIComponent(String(value));
  });
  const key = access === 'write' && once !== undefined ? { idempotencyKey: once } : {};
  if (method === 'POST') {
    return { method, path: `/api/v1/${place}`, body: Object.fromEntries(fields), ...key };
  }
  const query = writeQuery(fields).toString();
  return { method, path: `/api/v1/${place}${query === '' ? '' : `?${query}`}`, ...key };
}

function writeQuery(fields: ReadonlyMap<string, unknown>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of fields) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) query.append(name, String(one));
    }
  }
  return query;
}
