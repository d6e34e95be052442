import { z } from 'zod';
import { dayMs } from '../../../keys/days.ts';
import { summariseEvidence } from '../../../operations/evidence/evidence-summary.ts';
import { periodFields } from '../../../operations/evidence/period.ts';
import { readLogHead } from '../../../record/log/checkpoints.ts';
import { RequestRefused } from '../../../record/store/errors.ts';
import { renderDay } from '../../../report/render-instant.ts';
import { refuseOtherNames, toInput } from '../lists/filter-state.ts';
import type { PageEntry, PageReads } from '../page-entry.ts';
import { type ControlsModel, renderControls } from './controls-page.tsx';
import { controlsPath } from './controls-panel.tsx';

const usualDays = 30;
const filters = z.strictObject({ ...periodFields, control: z.string().max(200).optional() });

/** `/controls`: what the evidence of a time says of each control of the policy. */
export const controlsPage: PageEntry = {
  path: controlsPath,
  async show({ frame, query }, reads) {
    const today = frame.at.getTime();
    const usual = {
      from: renderDay(new Date(today - (usualDays - 1) * dayMs)),
      to: renderDay(frame.at),
    };
    const names = Object.keys(filters.shape);
    const asked = { ...usual, ...toInput(query, names) };
    const strange = refuseOtherNames(query, names);
    const model = strange === undefined ? await readModel(asked, reads) : refuse(asked, strange);
    const status = model.wrong === undefined ? 200 : 400;
    return { html: renderControls(frame, { ...model, query }), status };
  },
};

type Asked = Readonly<Record<string, unknown>>;
type Model = Omit<ControlsModel, 'query'>;

function refuse(asked: Asked, wrong: string): Model {
  return { ...periodOf(asked), control: undefined, summary: undefined, wrong };
}

function periodOf(asked: Asked): Pick<Model, 'from' | 'to'> {
  return { from: String(asked['from']), to: String(asked['to']) };
}

async function readModel(asked: Asked, reads: PageReads): Promise<Model> {
  const { from, to } = periodOf(asked);
  const read = filters.safeParse(asked);
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return refuse(asked, wrong.join('; '));
  }
  const { control } = read.data;
  const nothing = { from, to, control, summary: undefined };
  // Not wrong, but too early.
  if ((await readLogHead(reads.database.db)) === undefined) return { ...nothing, wrong: undefined };
  try {
    const summary = await summariseEvidence(reads, read.data);
    return { from, to, control, summary, wrong: undefined };
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    return { ...nothing, wrong: error.message };
  }
}
