import { severities } from '../../../evaluate/policy/policy.ts';
import type { ReportFinding } from '../../../report/model.ts';
import type { Frame } from '../layout/page.tsx';
import { type FilterField, tagField } from '../lists/filter-form.tsx';
import { withValue } from '../lists/filter-state.ts';
import { renderListPage } from '../lists/list-page.tsx';
import { mayChange } from '../parts/action-button.tsx';
import { Table } from '../parts/table.tsx';
import { ChooseAll, Chooser } from './chooser.tsx';
import { FindingListRow } from './finding-row.tsx';
import type { FindingSort, FindingsModel } from './findings-model.ts';

export function renderFindings(frame: Frame, model: FindingsModel): string {
  const { items, sort } = model;
  return renderListPage({
    ...{ frame, list: model, path: '/findings', title: 'Findings', what: 'findings' },
    note: 'A finding is a broken rule of one key, followed from night to night.',
    fields: fieldsOf(model),
    sort: sort === 'severity' ? undefined : sort,
    none: 'No finding is open.',
    noMatch: 'No finding matches.',
    orders: <Sorts model={model} />,
    children: (
      <Chooser frame={frame}>
        <FindingTable findings={items} frame={frame} />
      </Chooser>
    ),
  });
}

const statuses = ['waived', 'resolved', 'any'] as const;
const leasts = severities.toReversed().map((one) => [one, `${one} or above`] as const);

function fieldsOf({ choices }: FindingsModel): readonly FilterField[] {
  const { rules, owners, environments, sources } = choices;
  const fields = [
    { name: 'text', label: 'Search' },
    { name: 'status', label: 'Status', usual: 'open', choices: statuses },
    { name: 'severity', label: 'Severity', choices: leasts },
    { name: 'rule', label: 'Rule', choices: rules },
    { name: 'owner', label: 'Owner', choices: owners },
    { name: 'environment', label: 'Environment', choices: environments },
    ...tagField(choices),
  ];
  if (sources.length < 2) return fields;
  return [...fields, { name: 'source', label: 'Source', choices: sources }];
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

interface FindingTableProps {
  readonly findings: readonly ReportFinding[];
  readonly frame: Frame;
}

const columns = [
  ...['Severity', 'Key', 'What is wrong, and what to do'],
  ...['Owner', 'Since', 'Status'],
];

function FindingTable({ findings, frame }: FindingTableProps) {
  const chooses = mayChange(frame);
  return (
    <Table name="Findings" class="list" before={chooses ? <ChooseAll /> : null} columns={columns}>
      {findings.map((finding) => (
        <FindingListRow finding={finding} now={frame.at} chooses={chooses} />
      ))}
    </Table>
  );
}
