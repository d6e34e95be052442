import type { Severity } from '../../../evaluate/policy/policy.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { SeverityWord } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { Table } from '../parts/table.tsx';
import { Instant } from '../parts/times.tsx';
import { pathOfSweep } from '../paths.ts';

/** What would change for one rule of one key; `rule` is null for all its rules. */
interface ChangedRow {
  readonly source: string;
  readonly keyId: string;
  readonly keyName?: string | undefined;
  readonly owner?: string | null;
  readonly rule: string | null;
  readonly severity?: Severity;
  /** What the rule was, or would be. */
  readonly word: string;
  readonly says: string;
  /** The first sweep in which it changes. */
  readonly sweep: string;
  readonly asOf: Date;
}

interface ChangePanelProps {
  readonly id: string;
  readonly title: string;
  readonly none: string;
  /** Of all, of which `rows` are the first. */
  readonly count: number;
  readonly rows: readonly ChangedRow[];
  readonly several: boolean;
}

/** The keys that one kind of change concerns. */
export function ChangePanel({ id, title, none, count, rows, several }: ChangePanelProps) {
  const left = count - rows.length;
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>
        {title} <span class="soft">({renderNumber(count)})</span>
      </h2>
      {rows.length === 0 ? (
        <p class="empty">{none}</p>
      ) : (
        <ChangeTable title={title} rows={rows} several={several} />
      )}
      {left > 0 ? (
        <p class="more">
          and {renderNumber(left)} more: <code>keysweep policy backtest</code> prints all
        </p>
      ) : null}
    </section>
  );
}

type ChangeTableProps = Pick<ChangePanelProps, 'title' | 'rows' | 'several'>;

function ChangeTable({ title, rows, several }: ChangeTableProps) {
  return (
    <Table
      name={title}
      class="list"
      columns={['Key', 'Rule', 'What', ...(several ? ['First in'] : [])]}
    >
      {rows.map((row) => (
        <ChangeRow row={row} several={several} />
      ))}
    </Table>
  );
}

function ChangeRow({ row, several }: { row: ChangedRow; several: boolean }) {
  const { source, keyId, keyName, owner, rule, severity, word, says, sweep, asOf } = row;
  return (
    <tr>
      <th scope="row">
        <KeyLink source={source} keyId={keyId} name={keyName} />
        {owner == null ? null : (
          <small>
            owner <Shown text={owner} most={80} />
          </small>
        )}
      </th>
      <td data-label="Rule">
        {severity === undefined ? null : <SeverityWord severity={severity} />}{' '}
        <Shown text={rule ?? 'every rule'} />
        <small>
          <Shown text={word} />
        </small>
      </td>
      <td class="long" data-label="What">
        <Shown text={says} most={400} />
      </td>
      {several ? (
        <td data-label="First in">
          <a href={pathOfSweep(sweep)}>
            <Instant at={asOf} />
          </a>
        </td>
      ) : null}
    </tr>
  );
}
