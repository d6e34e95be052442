import type {
  NightChange,
  NightChangeKind,
  NightChanges,
} from '../../../record/reads/pages/read-night-changes.ts';
import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import { SeverityWord } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { Table } from '../parts/table.tsx';
import { withQuery } from '../paths.ts';

const kinds: readonly { readonly kind: NightChangeKind; readonly word: string }[] = [
  { kind: 'opened', word: 'opened' },
  { kind: 'reopened', word: 'reopened' },
  { kind: 'lapsed', word: 'waivers lapsed' },
  { kind: 'resolved', word: 'resolved' },
  { kind: 'waived', word: 'waived' },
];

/** What the last night changed, as a list to act on. */
export function ChangesPanel({ changes, hasSweep }: { changes: NightChanges; hasSweep: boolean }) {
  const total = Object.values(changes.counts).reduce((sum, count) => sum + count, 0);
  return (
    <section class="panel two-thirds" aria-labelledby="changes">
      <h2 id="changes">Changes since the last night</h2>
      {total === 0 ? (
        <p class="empty">
          {hasSweep ? 'Nothing changed.' : 'Changes are shown after the first sweep.'}
        </p>
      ) : (
        <ChangeCounts changes={changes} />
      )}
      {changes.first.length === 0 ? null : <ChangeTable rows={changes.first} total={total} />}
    </section>
  );
}

function ChangeCounts({ changes: { counts } }: { changes: NightChanges }) {
  return (
    <ul class="counts">
      {kinds.map(({ kind, word }) =>
        counts[kind] === 0 ? null : (
          <li>
            <b>{renderNumber(counts[kind])}</b> {word}
          </li>
        ),
      )}
    </ul>
  );
}

function ChangeTable({ rows, total }: { rows: readonly NightChange[]; total: number }) {
  const left = total - rows.length;
  return (
    <>
      <Table
        name="The gravest changes first"
        class="list"
        columns={['Change', 'Key', 'What is wrong', 'Owner']}
      >
        {rows.map((change) => (
          <ChangeRow change={change} />
        ))}
      </Table>
      <p class="more">
        {left > 0 ? `${renderNumber(left)} more. ` : null}
        <a href={withQuery('/findings', { status: 'open' })}>All open findings</a>
      </p>
    </>
  );
}

function ChangeRow({ change }: { change: NightChange }) {
  const { kind, severity, rule, source, keyId, keyName, message, owner, resolution } = change;
  return (
    <tr>
      <td>
        {kind}
        <small>
          <SeverityWord severity={severity} />
        </small>
      </td>
      <th scope="row">
        <KeyLink source={source} keyId={keyId} name={keyName} />
      </th>
      <td class="long">
        <Shown text={message} most={300} />
        <small>
          <Shown text={rule} />
          {kind === 'resolved' && resolution !== null ? `, resolved: ${resolution}` : null}
        </small>
      </td>
      <td data-label="Owner">
        <ShownOrDash text={owner} />
      </td>
    </tr>
  );
}
