import { requireField } from '../forms/form-fields.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import type { ActionEntry } from './action-entry.ts';
import { renderApproving } from './approve-waiver-page.tsx';

const path = '/actions/approve-waiver';
const what = 'approveWaiver';

/** Approves the waiver that the question has shown. Whoever may not is told why. */
export const approveWaiverNow: ActionEntry = {
  ...{ path, what },
  async run({ form }, { operations }) {
    const waiver = requireField(form, 'waiver');
    await operations.approveWaiver({ waiver, hash: requireField(form, 'hash') });
    return { kind: 'go', to: '/policy' };
  },
};

export const approveWaiverPage: PageEntry = {
  ...{ path, what },
  async show({ frame, query }, { config }) {
    const id = query.get('waiver');
    const waiver = config.policy.policy.waivers.find((one) => one.id === id);
    return waiver && asPage(renderApproving(frame, path, waiver));
  },
};
