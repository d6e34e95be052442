import { reviewRevoke } from '../../../evaluate/history/finding-type.ts';
import { remedies } from '../../../evaluate/remedies.ts';
import { describeWaiting } from '../../../evaluate/waivers/approvals.ts';
import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import type { ReportFinding } from '../../../report/model.ts';
import { describePerson } from '../../../report/people/named-person.ts';
import { SeverityWord } from '../parts/badges.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { Ago, Day } from '../parts/times.tsx';
import { pathOfRule, withQuery } from '../paths.ts';
import { Choice } from './chooser.tsx';

interface FindingProps {
  readonly finding: ReportFinding;
  readonly now: Date;
}

/** A finding in a list of several keys. */
export function FindingListRow({ finding, now, chooses }: FindingProps & { chooses: boolean }) {
  const { severity, source, keyId, keyName, owner } = finding;
  return (
    <tr>
      {chooses ? <Choice finding={finding} /> : null}
      <td>
        <SeverityWord severity={severity} />
      </td>
      <th scope="row">
        <KeyLink source={source} keyId={keyId} name={keyName} />
      </th>
      <td class="long">
        <WhatIsWrong finding={finding} />
      </td>
      <td data-label="Owner">
        {owner === null ? (
          '–'
        ) : (
          <a href={withQuery('/findings', { owner })}>
            <Shown text={owner} most={60} />
          </a>
        )}
      </td>
      <td data-label="Since">
        <Since finding={finding} now={now} />
      </td>
      <td>
        <FindingBadge finding={finding} />
      </td>
    </tr>
  );
}

/** The sentence, the rule, and the rest for whoever opens it. */
export function WhatIsWrong({ finding }: { finding: ReportFinding }) {
  const { message, rule, type, controls, fingerprint } = finding;
  return (
    <>
      <Shown text={message} most={600} />
      <div class="under">
        <small>
          <a href={type === reviewRevoke ? '/reviews' : pathOfRule(rule)}>
            <Shown text={rule} />
          </a>
        </small>
        <details>
          <summary>What to do</summary>
          <p>{remedies[type]}</p>
          <dl class="facts">
            {controls.length === 0 ? null : (
              <>
                <dt>Controls</dt>
                <dd>
                  <Shown text={controls.join('; ')} most={1_000} />
                </dd>
              </>
            )}
            <dt>Fingerprint</dt>
            <dd>
              <code>
                <Shown text={fingerprint} />
              </code>
            </dd>
          </dl>
        </details>
      </div>
    </>
  );
}

export function Since({ finding, now }: FindingProps) {
  const { firstSeen, firstSeenSimulated } = finding;
  return (
    <>
      <Ago at={firstSeen} now={now} />
      <small class="nowrap">
        <Day at={firstSeen} simulated={firstSeenSimulated} />
      </small>
    </>
  );
}

/** Whether a finding is open, why it is waived, or how it ended. */
export function FindingBadge({ finding }: { finding: ReportFinding }) {
  const { status, waiver, resolvedAt, resolution, acknowledgement, waitsFor = [] } = finding;
  const tone = { open: 'fail', waived: 'waived', resolved: 'pass' }[status];
  return (
    <>
      <span class={`badge is-${tone}`}>{status}</span>
      {status !== 'waived' || waiver === null ? null : (
        <small>
          waiver <Shown text={waiver} />
        </small>
      )}
      {waitsFor.map(({ waiver, approvers }) => (
        <small>
          <Shown text={describeWaiting(waiver, approvers)} most={300} />
        </small>
      ))}
      {status !== 'resolved' || resolvedAt === null ? null : (
        <small>
          {resolution}, <Day at={resolvedAt} />
        </small>
      )}
      {acknowledgement === null ? null : (
        <small>
          by <ShownOrDash text={describePerson(acknowledgement)} />:{' '}
          <Shown text={acknowledgement.reason} most={200} />
        </small>
      )}
    </>
  );
}
