import { auditLog } from '../../../operations/recording/audit-log.ts';
import { listActive, toInput } from '../forms/filter-state.ts';
import { readListed } from '../forms/read-listed.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderAuditLog } from './audit-log-page.tsx';

const path = '/audit-log';
const shownAtOnce = 100;
const filters = ['who', 'what', 'origin', 'outcome', 'from', 'to'];

/** `/audit-log`: who asked for which change, from where, and what came of it. */
export const auditLogPage: PageEntry = {
  path,
  async show({ frame, query }, { operations }) {
    const { items, ...place } = await readListed({
      ...{ path, query, limit: shownAtOnce },
      input: auditLog.input,
      asked: toInput(query, filters),
      read: (input, asked) => operations.auditLog(input).page(asked),
    });
    const active = listActive(path, query);
    const html = renderAuditLog(frame, { ...place, query, records: items, active });
    return { html, status: place.wrong === undefined ? 200 : 400 };
  },
};
