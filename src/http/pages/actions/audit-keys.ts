import { hash } from 'node:crypto';
import { z } from 'zod';
import { readChosenFindings } from '../../../record/reads/pages/read-chosen-findings.ts';
import { ProblemError } from '../../problems/problem.ts';
import type { FormFields } from '../forms/form-fields.ts';
import type { PageReads } from '../page-entry.ts';
import { pathOfRequest } from '../paths.ts';
import type { ActionEntry } from './action-entry.ts';

const named = z.tuple([z.string(), z.string()]);

/** Audits the chosen keys, or those of the chosen findings, again. */
export const auditKeys: ActionEntry = {
  path: '/actions/audit',
  what: 'audit',
  async run({ form }, reads) {
    const keys = await findKeys(form, reads);
    if (keys.length === 0) {
      throw new ProblemError({ status: 400, detail: 'choose at least one key or finding' });
    }
    const asked = { keys: [...keys], reason: 'asked for on a page', requestedBy: null };
    const { request } = await reads.operations.audit(asked, onceOf(form, keys));
    return { kind: 'go', to: pathOfRequest(request) };
  },
};

interface ChosenKey {
  readonly source: string;
  readonly keyId: string;
}

async function findKeys(form: FormFields, reads: PageReads): Promise<readonly ChosenKey[]> {
  const chosen = form.all('key').map(parseKey);
  const findings = await readChosenFindings(reads.database, form.all('finding'));
  const keys = [...chosen, ...findings.map(({ source, keyId }) => ({ source, keyId }))];
  return [...new Map(keys.map((key) => [JSON.stringify([key.source, key.keyId]), key])).values()];
}

function parseKey(text: string): ChosenKey {
  try {
    const [source, keyId] = named.parse(JSON.parse(text));
    return { source, keyId };
  } catch {
    throw new ProblemError({ status: 400, detail: 'the form names a key that cannot be read' });
  }
}

/** A form that is sent twice is one request. */
export function onceOf(form: FormFields, what: unknown): string | undefined {
  const page = form.one('page');
  if (page === undefined) return undefined;
  const text = JSON.stringify([page, what]);
  return `page ${hash('sha256', text)}`;
}
