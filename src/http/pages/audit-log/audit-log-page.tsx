import { renderAuditInput } from '../../../report/audit-input.ts';
import { type AuditOutcome, type AuditRecord, auditOutcomes } from '../../../report/audit-model.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { describeAsker } from '../../../report/people/describe-asker.ts';
import type { Frame } from '../layout/page.tsx';
import { renderListPage } from '../lists/list-page.tsx';
import type { List } from '../lists/read-list.ts';
import { Table } from '../parts/table.tsx';
import { Instant } from '../parts/times.tsx';

/** `changes`: what the audit record can say that somebody asked for. */
export function renderAuditLog(
  frame: Frame,
  list: List<AuditRecord>,
  changes: readonly string[],
): string {
  return renderListPage({
    ...{ frame, list, path: '/audit-log', title: 'Audit log', what: 'changes' },
    note: 'Who asked for which change, from where, and what came of it.',
    fields: [
      { name: 'who', label: 'Who' },
      {
        name: 'what',
        label: 'What',
        choices: changes.map((what) => [what, toWords(what)]),
      },
      { name: 'outcome', label: 'Outcome', choices: auditOutcomes },
      { name: 'from', label: 'From (day, UTC)' },
      { name: 'to', label: 'To (day, UTC)' },
    ],
    none: 'Nobody has asked for a change yet.',
    noMatch: 'No change matches.',
    children: (
      <Table
        name="Changes, newest first"
        caption="Changes that were asked for, newest first"
        class="list"
        columns={['When', 'Who', 'Origin', 'What', 'Outcome']}
      >
        {list.items.map((record) => (
          <RecordRow record={record} />
        ))}
      </Table>
    ),
  });
}

/** The words of the name of an operation: “stop sweep” of `stopSweep`. */
function toWords(what: string): string {
  return what.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const tones = {
  asked: 'none',
  done: 'pass',
  refused: 'unknown',
  failed: 'fail',
  denied: 'fail',
} as const satisfies Readonly<Record<AuditOutcome, string>>;

function RecordRow({ record }: { record: AuditRecord }) {
  const { at, origin, what, input, outcome, reason, times } = record;
  const fields = renderAuditInput(input);
  return (
    <tr>
      <th scope="row">
        <Instant at={at} />
      </th>
      <td data-label="Who">
        <Who record={record} />
      </td>
      <td data-label="Origin">
        <Shown text={origin} />
      </td>
      <td class="long" data-label="What">
        <Shown text={toWords(what)} />
        {times > 1 ? ` ${times} times` : null}
        {fields === '' ? null : (
          <small>
            <Shown text={fields} most={400} />
          </small>
        )}
      </td>
      <td class="long">
        <span class={`badge is-${tones[outcome]}`}>{outcome}</span>
        {reason === null ? null : (
          <small>
            <Shown text={reason} most={500} />
          </small>
        )}
      </td>
    </tr>
  );
}

function Who({ record }: { record: AuditRecord }) {
  return (
    <>
      {record.who === null ? 'not known' : <Shown text={record.who} />}
      <small>
        <Shown text={describeAsker(record)} />
      </small>
    </>
  );
}
