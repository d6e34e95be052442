import type { PlannedAlert } from '../../../src/alert/message.ts';
import { aCoverage, aFinding, aSweep } from '../../../test/alert/a-finding.ts';

const findingsEach = 3;

/** An alert about three findings that were opened. */
export function plannedAlert(channel: string): PlannedAlert {
  const opened = Array.from({ length: findingsEach }, () => aFinding());
  const none = { reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] };
  return {
    type: 'findings.changed',
    data: { sweep: aSweep, coverage: aCoverage, part: 1, parts: 1, opened, ...none },
    channel,
    part: 1,
    parts: 1,
    eventIds: [],
  };
}

/** A signing secret, of the form that the configuration asks for. */
export const webhookSecret = 'whsec_YmVuY2gtd2ViaG9vay1zZWNyZXQtMDEyMzQ1Njc4OTA=';
