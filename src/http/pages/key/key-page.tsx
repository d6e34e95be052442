import { canBeAcknowledged } from '../../../evaluate/history/events.ts';
import { Shown } from '../../../report/html/shown.tsx';
import type { ReportFinding } from '../../../report/model.ts';
import { FindingBadge, Since, WhatIsWrong } from '../findings/finding-row.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ActionButton } from '../parts/action-button.tsx';
import { SeverityWord, VerdictBadge } from '../parts/badges.tsx';
import { Table } from '../parts/table.tsx';
import { FactsPanel } from './facts-panel.tsx';
import type { KeyModel } from './key-model.ts';
import { ObservationsPanel } from './observations-panel.tsx';
import { ScopesPanel } from './scopes-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';

export function renderKey(frame: Frame, model: KeyModel): string {
  const { facts } = model;
  const title = facts.details.name || facts.keyId;
  return renderFramed({
    frame,
    title: `Key ${title}`,
    current: '/keys',
    children: (
      <>
        <Head model={model} frame={frame} />
        <div class="panels">
          <FactsPanel model={model} />
          <ScopesPanel model={model} />
          <TimelinePanel model={model} />
          <FindingsPanel findings={model.findings} frame={frame} />
          <ObservationsPanel model={model} />
        </div>
      </>
    ),
  });
}

function Head({ model: { facts }, frame }: { model: KeyModel; frame: Frame }) {
  const { details, keyId, missing, untrackedAt, verdict } = facts;
  return (
    <div class="head">
      <p class="kicker">
        Key{' '}
        <code>
          <Shown text={keyId} most={512} />
        </code>
      </p>
      <h1>
        <Shown text={details.name || keyId} /> <VerdictBadge verdict={verdict} />
      </h1>
      {missing ? (
        <p>The vendor says that there is no such key. Its last known facts are shown.</p>
      ) : null}
      {untrackedAt === null ? (
        <ActionButton
          frame={frame}
          action="/actions/audit"
          fields={{ key: JSON.stringify([facts.source, keyId]) }}
          words={facts.trackedAt === null ? 'Audit now' : 'Audit again now'}
        />
      ) : (
        <p>This key is no longer in the inventory.</p>
      )}
    </div>
  );
}

interface FindingsProps {
  readonly findings: readonly ReportFinding[];
  readonly frame: Frame;
}

function FindingsPanel({ findings, frame }: FindingsProps) {
  return (
    <section class="panel" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {findings.length === 0 ? (
        <p class="empty">This key has never broken a rule.</p>
      ) : (
        <Table
          name="Findings of this key"
          class="list"
          columns={['Severity', 'What is wrong, and what to do', 'Since', 'Status']}
        >
          {findings.map((finding) => (
            <tr>
              <td>
                <SeverityWord severity={finding.severity} />
              </td>
              <td class="long">
                <WhatIsWrong finding={finding} />
              </td>
              <td data-label="Since">
                <Since finding={finding} now={frame.at} />
              </td>
              <td>
                <FindingBadge finding={finding} />
                <AcknowledgeButton finding={finding} frame={frame} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

/** Only an event can be acknowledged; other findings follow the state of the key. */
function AcknowledgeButton({ finding, frame }: { finding: ReportFinding; frame: Frame }) {
  if (finding.status === 'resolved' || !canBeAcknowledged(finding.type)) return null;
  return (
    <ActionButton
      frame={frame}
      action="/actions/acknowledge"
      fields={{ finding: finding.fingerprint }}
      words="Acknowledge…"
    />
  );
}
