import { showAlerts } from '../alerts/alerts.ts';
import { requireField } from '../forms/form-fields.ts';
import type { ActionEntry } from './action-entry.ts';

/** Sends a test message to a channel; what came of it stands above the alerts. */
export const testChannelNow: ActionEntry = {
  path: '/actions/test-channel',
  what: 'testChannel',
  async run({ frame, form }, reads) {
    const tested = await reads.operations.testChannel({ id: requireField(form, 'channel') });
    const { html } = await showAlerts(frame, { query: new URLSearchParams(), tested }, reads);
    return { kind: 'page', html };
  },
};
