import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import type { ListedKey } from '../../../report/model.ts';
import { renderCount } from '../../../text/render-count.ts';
import type { FilterChoices } from '../forms/filter-choices.ts';
import { ChoiceField, FilterForm, TextField } from '../forms/filter-form.tsx';
import type { ActiveFilter } from '../forms/filter-state.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { VerdictBadge } from '../parts/badges.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { Pager } from '../parts/pager.tsx';
import { Ago } from '../parts/times.tsx';
import { Wide } from '../parts/wide.tsx';

/** All that the list of keys shows. */
export interface KeysModel {
  readonly now: Date;
  readonly query: URLSearchParams;
  readonly keys: readonly ListedKey[];
  /** The keys of the inventory. */
  readonly tracked: number;
  readonly active: readonly ActiveFilter[];
  readonly choices: FilterChoices;
  readonly first: string | undefined;
  readonly next: string | undefined;
  readonly wrong: string | undefined;
}

export function renderKeys(frame: Frame, model: KeysModel): string {
  const { keys, wrong, first, next, tracked } = model;
  return renderFramed({
    frame,
    title: 'Keys',
    current: '/keys',
    children: (
      <>
        <div class="head">
          <h1>Keys</h1>
          <p class="note">The inventory has {renderCount(tracked, 'key')}.</p>
        </div>
        <Filters model={model} />
        {wrong === undefined ? null : (
          <p class="notice is-unknown" role="alert">
            <Shown text={wrong} most={1_000} />
          </p>
        )}
        <div class="panel">
          {keys.length === 0 ? (
            <p class="empty">{first === undefined ? 'No key matches.' : 'The list ends here.'}</p>
          ) : (
            <KeyTable keys={keys} now={model.now} />
          )}
          <Pager first={first} next={next} />
        </div>
      </>
    ),
  });
}

function Filters({ model: { query, active, choices } }: { model: KeysModel }) {
  const value = (name: string) => query.get(name) ?? '';
  const named = [
    { name: 'owner', label: 'Owner', offered: choices.owners },
    { name: 'environment', label: 'Environment', offered: choices.environments },
    { name: 'source', label: 'Source', offered: choices.sources },
  ];
  return (
    <FilterForm
      path="/keys"
      what="keys"
      active={active}
      fields={['text', 'verdict', ...named.map(({ name }) => name)]}
    >
      <TextField name="text" label="Search" value={value('text')} />
      <ChoiceField
        name="verdict"
        label="Verdict"
        any="any"
        value={value('verdict')}
        choices={['fail', 'unknown', 'waived', 'pass']}
      />
      {named.map(({ name, label, offered }) =>
        offered === undefined ? (
          <TextField name={name} label={label} value={value(name)} />
        ) : (
          <ChoiceField name={name} label={label} any="any" value={value(name)} choices={offered} />
        ),
      )}
    </FilterForm>
  );
}

function KeyTable({ keys, now }: { keys: readonly ListedKey[]; now: Date }) {
  return (
    <Wide name="Keys by source and id">
      <table class="list">
        <caption class="aloud">Keys by source and id</caption>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Verdict</th>
            <th scope="col">Type</th>
            <th scope="col" class="n">
              Scopes
            </th>
            <th scope="col">Owner</th>
            <th scope="col">Environment</th>
            <th scope="col">Created</th>
            <th scope="col">Last used</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow listed={key} now={now} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

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
