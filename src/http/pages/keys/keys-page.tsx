import { ShownOrDash } from '../../../report/html/shown.tsx';
import type { ListedKey } from '../../../report/model.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { Frame } from '../layout/page.tsx';
import type { FilterChoices } from '../lists/filter-choices.ts';
import { tagField } from '../lists/filter-form.tsx';
import { renderListPage } from '../lists/list-page.tsx';
import type { List } from '../lists/read-list.ts';
import { VerdictBadge } from '../parts/badges.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { Table } from '../parts/table.tsx';
import { Ago } from '../parts/times.tsx';

/** All that the list of keys shows. */
export interface KeysModel extends List<ListedKey> {
  /** The keys of the inventory. */
  readonly tracked: number;
  readonly choices: FilterChoices;
}

export function renderKeys(frame: Frame, model: KeysModel): string {
  const { items, tracked, choices } = model;
  return renderListPage({
    ...{ frame, list: model, path: '/keys', title: 'Keys', what: 'keys' },
    note: `The inventory has ${renderCount(tracked, 'key')}.`,
    fields: [
      { name: 'text', label: 'Search' },
      { name: 'verdict', label: 'Verdict', choices: ['fail', 'unknown', 'waived', 'pass'] },
      { name: 'owner', label: 'Owner', choices: choices.owners },
      { name: 'environment', label: 'Environment', choices: choices.environments },
      ...tagField(choices),
      { name: 'source', label: 'Source', choices: choices.sources },
    ],
    none: 'No key is tracked.',
    noMatch: 'No key matches.',
    children: (
      <Table name="Keys by source and id" class="list" columns={columns}>
        {items.map((key) => (
          <KeyRow listed={key} now={frame.at} />
        ))}
      </Table>
    ),
  });
}

const columns = [
  ...['Key', 'Verdict', 'Type', { number: 'Scopes' }],
  ...['Owner', 'Environment', 'Created', 'Last used'],
];

function KeyRow({ listed, now }: { listed: ListedKey; now: Date }) {
  const { source, keyId, name, verdict, type, scopes, owner, environment } = listed;
  return (
    <tr>
      <th scope="row">
        <KeyLink source={source} keyId={keyId} name={name} />
      </th>
      <td>
        <VerdictBadge verdict={verdict} />
      </td>
      <td data-label="Type">
        <ShownOrDash text={type} />
      </td>
      <td class="n" data-label="Scopes">
        {scopes === undefined ? '–' : scopes.length}
      </td>
      <td data-label="Owner">
        <ShownOrDash text={owner} />
      </td>
      <td data-label="Environment">
        <ShownOrDash text={environment} />
      </td>
      <td data-label="Created">
        <When at={listed.createdOn} now={now} />
      </td>
      <td data-label="Last used">
        <When at={listed.lastUsed} now={now} />
      </td>
    </tr>
  );
}

function When({ at, now }: { at: Date | null | undefined; now: Date }) {
  if (at === undefined) return <>–</>;
  return at === null ? <>never</> : <Ago at={at} now={now} />;
}
