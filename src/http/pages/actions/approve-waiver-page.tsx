import { hashApproval } from '../../../evaluate/waivers/approvals.ts';
import type { Waiver } from '../../../evaluate/waivers/waiver.ts';
import { lastDay } from '../../../report/last-day.ts';
import type { Frame } from '../layout/page.tsx';
import { WaivedKeys } from '../policy/waiver-table.tsx';
import { renderQuestion } from './question-page.tsx';

/** Asks whether to approve a waiver, and shows all that it says. */
export function renderApproving(frame: Frame, action: string, waiver: Waiver): string {
  const { id, rule, reason, requestedBy } = waiver;
  return renderQuestion(frame, {
    title: `Approve waiver ${id}?`,
    says: `${requestedBy} asked to waive ${rule} until the end of ${lastDay(waiver)}: ${reason}`,
    fields: { waiver: id, hash: hashApproval(waiver) },
    ...{ action, button: 'Approve', back: '/policy' },
    children: (
      <>
        <p>
          For <WaivedKeys waiver={waiver} />
        </p>
        <p class="note">Your name is kept with it. This cannot be undone.</p>
      </>
    ),
  });
}
