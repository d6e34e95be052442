import { z } from 'zod';
import { readReport } from '../../record/reads/read-report.ts';
import { renderJson } from '../../report/json.ts';
import { readReportJson } from '../../report/read-json.ts';
import { defineOperation } from '../operation.ts';
import { reportShape } from '../shapes/report.ts';
import { nameReport, reportForms, tagReport } from './report-forms.ts';

/** The closed sweep of this id; `last` is the full sweep that was closed last. */
export const report = defineOperation({
  about: 'Reports a closed sweep; the id `last` means the full sweep that was closed last.',
  access: 'read',
  method: 'GET',
  path: 'sweeps/{id}',
  input: z.strictObject({ id: z.string() }),
  shape: reportShape,
  answer: {
    write: renderJson,
    read: readReportJson,
    forms: reportForms,
    tag: tagReport,
    name: nameReport,
  },
  run: ({ database }, { id }) => readReport(database, id === 'last' ? undefined : id),
});
