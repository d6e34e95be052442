import { recordedChanges } from '../../../operations/recorded-changes.ts';
import { auditLog } from '../../../operations/recording/audit-log.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderAuditLog } from './audit-log-page.tsx';

const path = '/audit-log';
const shownAtOnce = 100;
const filters = ['who', 'what', 'origin', 'outcome', 'from', 'to'];

/** `/audit-log`: who asked for which change, from where, and what came of it. */
export const auditLogPage: PageEntry = {
  path,
  async show({ frame, query }, { operations }) {
    const list = await readList({
      ...{ path, query, filters, limit: shownAtOnce },
      input: auditLog.input,
      read: (input, asked) => operations.auditLog(input).page(asked),
    });
    return asListPage(renderAuditLog(frame, list, recordedChanges), list);
  },
};
