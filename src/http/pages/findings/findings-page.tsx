import { severities } from '../../../evaluate/policy/policy.ts';
import { Shown } from '../../../report/html/shown.tsx';
import type { ReportFinding } from '../../../report/model.ts';
import { ChoiceField, FilterForm, TextField } from '../forms/filter-form.tsx';
import { withValue } from '../forms/filter-state.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { mayChange } from '../parts/action-button.tsx';
import { Pager } from '../parts/pager.tsx';
import { Wide } from '../parts/wide.tsx';
import { ChooseAll, Chooser } from './chooser.tsx';
import { FindingListRow } from './finding-row.tsx';
import type { FindingSort, FindingsModel } from './findings-model.ts';

export function renderFindings(frame: Frame, model: FindingsModel): string {
  const { findings, wrong, first, next } = model;
  return renderFramed({
    frame,
    title: 'Findings',
    current: '/findings',
    children: (
      <>
        <div class="head">
          <h1>Findings</h1>
          <p class="note">A finding is a broken rule of one key, followed from night to night.</p>
        </div>
        <Filters model={model} />
        {wrong === undefined ? null : (
          <p class="notice is-unknown" role="alert">
            <Shown text={wrong} most={1_000} />
          </p>
        )}
        <div class="panel">
          <Sorts model={model} />
          {findings.length === 0 ? (
            <p class="empty">{emptyWords(model)}</p>
          ) : (
            <Chooser frame={frame}>
              <FindingTable findings={findings} frame={frame} />
            </Chooser>
          )}
          <Pager first={first} next={next} />
        </div>
      </>
    ),
  });
}

function emptyWords({ wrong, active, first }: FindingsModel): string {
  if (wrong !== undefined) return 'Nothing can be listed.';
  if (first !== undefined) return 'The list ends here.';
  return active.length === 0 ? 'No finding is open.' : 'No finding matches.';
}

const statuses = ['open', 'waived', 'resolved'] as const;

function Filters({ model: { query, active, choices, sort } }: { model: FindingsModel }) {
  const value = (name: string) => query.get(name) ?? '';
  return (
    <FilterForm
      path="/findings"
      what="findings"
      active={active}
      fields={['text', 'status', 'severity', 'rule', 'owner', 'source']}
      sort={sort === 'severity' ? undefined : sort}
    >
      <TextField name="text" label="Search" value={value('text')} />
      <ChoiceField
        name="status"
        label="Status"
        any="open"
        value={value('status') === 'open' ? '' : value('status')}
        choices={[...statuses.slice(1), ['any', 'any']]}
      />
      <ChoiceField
        name="severity"
        label="Severity"
        any="any"
        value={value('severity')}
        choices={severities.toReversed().map((one) => [one, `${one} or above`] as const)}
      />
      <ChoiceField
        name="rule"
        label="Rule"
        any="any"
        value={value('rule')}
        choices={choices.rules}
      />
      {choices.owners === undefined ? (
        <TextField name="owner" label="Owner" value={value('owner')} />
      ) : (
        <ChoiceField
          name="owner"
          label="Owner"
          any="any"
          value={value('owner')}
          choices={choices.owners}
        />
      )}
      {choices.sources.length < 2 ? null : (
        <ChoiceField
          name="source"
          label="Source"
          any="any"
          value={value('source')}
          choices={choices.sources}
        />
      )}
    </FilterForm>
  );
}

const sorts: readonly { readonly sort: FindingSort; readonly words: string }[] = [
  { sort: 'severity', words: 'gravest' },
  { sort: 'newest', words: 'newest' },
  { sort: 'oldest', words: 'oldest' },
];

function Sorts({ model: { query, sort } }: { model: FindingsModel }) {
  return (
    <p class="choices unprinted">
      First come the{' '}
      {sorts.map(({ sort: one, words }) => (
        <a
          href={withValue('/findings', query, 'sort', one === 'severity' ? undefined : one)}
          {...(one === sort ? { 'aria-current': 'true' } : {})}
        >
          {words}
        </a>
      ))}
    </p>
  );
}

interface TableProps {
  readonly findings: readonly ReportFinding[];
  readonly frame: Frame;
}

function FindingTable({ findings, frame }: TableProps) {
  const chooses = mayChange(frame);
  return (
    <Wide name="Findings">
      <table class="list">
        <caption class="aloud">Findings</caption>
        <thead>
          <tr>
            {chooses ? <ChooseAll /> : null}
            <th scope="col">Severity</th>
            <th scope="col">Key</th>
            <th scope="col">What is wrong, and what to do</th>
            <th scope="col">Owner</th>
            <th scope="col">Since</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <FindingListRow finding={finding} now={frame.at} chooses={chooses} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
