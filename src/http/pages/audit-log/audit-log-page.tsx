import { renderAuditInput } from '../../../report/audit-input.ts';
import { type AuditOutcome, type AuditRecord, auditOutcomes } from '../../../report/audit-model.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { ChoiceField, FilterForm, TextField } from '../forms/filter-form.tsx';
import type { ActiveFilter } from '../forms/filter-state.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { Instant } from '../parts/times.tsx';
import { Wide } from '../parts/wide.tsx';

/** All that the page of the audit record shows. */
export interface AuditLogModel {
  readonly query: URLSearchParams;
  readonly records: readonly AuditRecord[];
  readonly active: readonly ActiveFilter[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  readonly wrong: string | undefined;
}

export function renderAuditLog(frame: Frame, model: AuditLogModel): string {
  const { records, wrong, first, next } = model;
  return renderFramed({
    frame,
    title: 'Audit log',
    current: '/audit-log',
    children: (
      <>
        <div class="head">
          <h1>Audit log</h1>
          <p class="note">Who asked for which change, from where, and what came of it.</p>
        </div>
        <Filters model={model} />
        {wrong === undefined ? null : (
          <p class="notice is-unknown" role="alert">
            <Shown text={wrong} most={1_000} />
          </p>
        )}
        <section class="panel" aria-label="Changes">
          {records.length === 0 ? (
            <p class="empty">{emptyWords(model)}</p>
          ) : (
            <RecordTable records={records} />
          )}
          <Pager first={first} next={next} />
        </section>
      </>
    ),
  });
}

function emptyWords({ active, first }: AuditLogModel): string {
  if (first !== undefined) return 'The list ends here.';
  return active.length > 0 ? 'No change matches.' : 'Nobody has asked for a change yet.';
}

function Filters({ model: { query, active } }: { model: AuditLogModel }) {
  const value = (name: string) => query.get(name) ?? '';
  const fields = ['who', 'what', 'outcome', 'from', 'to'];
  return (
    <FilterForm path="/audit-log" what="changes" active={active} fields={fields}>
      <TextField name="who" label="Who" value={value('who')} />
      <TextField name="what" label="What" value={value('what')} />
      <ChoiceField
        name="outcome"
        label="Outcome"
        any="any"
        value={value('outcome')}
        choices={auditOutcomes}
      />
      <TextField name="from" label="From (day, UTC)" value={value('from')} />
      <TextField name="to" label="To (day, UTC)" value={value('to')} />
    </FilterForm>
  );
}

function RecordTable({ records }: { records: readonly AuditRecord[] }) {
  return (
    <Wide name="Changes, newest first">
      <table class="list">
        <caption class="aloud">Changes that were asked for, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">From</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <RecordRow record={record} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
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
      <td data-label="From">
        <Shown text={origin} />
      </td>
      <td class="long" data-label="What">
        <Shown text={what} />
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

function Who({ record: { who, role, asserted } }: { record: AuditRecord }) {
  return (
    <>
      {who === null ? 'not known' : <Shown text={who} />}
      <small>
        {role === null ? null : <Shown text={role} />}
        {asserted === null || asserted === who ? null : (
          <>
            {role === null ? '' : ', '}asserted <Shown text={asserted} />
          </>
        )}
      </small>
    </>
  );
}
