import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import type { FilterChoices } from '../forms/filter-choices.ts';
import { ChoiceField, FilterForm, TextField } from '../forms/filter-form.tsx';
import type { ActiveFilter } from '../forms/filter-state.ts';
import type { ScopeRow } from '../key/plan-scopes.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { Pager } from '../parts/pager.tsx';
import { Wide } from '../parts/wide.tsx';
import { canWrite, type MatrixRow, type ScopeMatrix } from './plan-matrix.ts';

/** All that the matrix of scopes shows. */
export interface ScopesModel {
  readonly query: URLSearchParams;
  readonly matrix: ScopeMatrix;
  readonly active: readonly ActiveFilter[];
  readonly choices: FilterChoices;
  readonly types: readonly string[];
  readonly first: string | undefined;
  readonly next: string | undefined;
  readonly wrong: string | undefined;
}

export function renderScopes(frame: Frame, model: ScopesModel): string {
  const { matrix, wrong, first, next, active } = model;
  const empty = active.length === 0 ? 'No sweep has seen a key yet.' : 'No key matches.';
  return renderFramed({
    frame,
    title: 'Scopes',
    current: '/scopes',
    children: (
      <>
        <div class="head">
          <h1>Scopes</h1>
          <p class="note">
            Which keys may do what, by the last answer of the vendor. Scopes that seem to allow
            changes come first.
          </p>
        </div>
        <Filters model={model} />
        {wrong === undefined ? null : (
          <p class="notice is-unknown" role="alert">
            <Shown text={wrong} most={1_000} />
          </p>
        )}
        <div class="panel">
          {matrix.rows.length === 0 ? (
            <p class="empty">{first === undefined ? empty : 'The list ends here.'}</p>
          ) : (
            <>
              <Legend />
              <Matrix matrix={matrix} />
            </>
          )}
          <Pager first={first} next={next} />
        </div>
      </>
    ),
  });
}

function Filters({ model: { query, active, choices, types } }: { model: ScopesModel }) {
  const value = (name: string) => query.get(name) ?? '';
  const fields = [
    { name: 'owner', label: 'Owner', offered: choices.owners },
    { name: 'type', label: 'Type of key', offered: types },
    { name: 'environment', label: 'Environment', offered: choices.environments },
    { name: 'source', label: 'Source', offered: choices.sources },
  ];
  return (
    <FilterForm
      path="/scopes"
      what="scopes"
      active={active}
      fields={fields.map(({ name }) => name)}
    >
      {fields.map(({ name, label, offered }) =>
        offered === undefined ? (
          <TextField name={name} label={label} value={value(name)} />
        ) : (
          <ChoiceField name={name} label={label} any="any" value={value(name)} choices={offered} />
        ),
      )}
    </FilterForm>
  );
}

const marks: Readonly<
  Record<ScopeRow['state'], { readonly sign: string; readonly words: string }>
> = {
  agreed: { sign: '●', words: 'has it, approved' },
  'not-stated': { sign: '●', words: 'has it' },
  'not-approved': { sign: '▲', words: 'has it, not approved' },
  added: { sign: '▲', words: 'has it, added since the first sweep' },
  'not-granted': { sign: '', words: '' },
};

function Legend() {
  return (
    <ul class="legend" aria-hidden="true">
      <li>
        <span class="mark-agreed">●</span> has the scope
      </li>
      <li>
        <span class="mark-not-approved">▲</span> has it, and nobody approved it
      </li>
    </ul>
  );
}

function Matrix({ matrix: { scopes, rows, left } }: { matrix: ScopeMatrix }) {
  const hasOthers = rows.some(({ others }) => others > 0);
  return (
    <>
      <Wide name="Keys and their scopes">
        <table class="matrix">
          <caption class="aloud">Keys and their scopes</caption>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Owner</th>
              {scopes.map((scope) => (
                <th scope="col" class={canWrite(scope) ? 'turned writes' : 'turned'}>
                  <span>
                    <Shown text={scope} most={40} />
                  </span>
                </th>
              ))}
              {hasOthers ? (
                <th scope="col" class="n">
                  others
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row row={row} scopes={scopes} hasOthers={hasOthers} />
            ))}
          </tbody>
        </table>
      </Wide>
      {left === 0 ? null : (
        <p class="more">
          {left} more scopes have no column here; filter by owner or type to see them.
        </p>
      )}
    </>
  );
}

interface RowProps {
  readonly row: MatrixRow;
  readonly scopes: readonly string[];
  readonly hasOthers: boolean;
}

function Row({ row: { key, cells, others }, scopes, hasOthers }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <KeyLink source={key.source} keyId={key.keyId} name={key.name} />
      </th>
      <td>
        <ShownOrDash text={key.owner} />
      </td>
      {key.scopes === undefined ? (
        <td colspan={Math.max(1, scopes.length)} class="soft">
          not known
        </td>
      ) : (
        cells.map((state) => <Cell state={state} />)
      )}
      {hasOthers ? <td class="n">{others === 0 ? '' : `+${others}`}</td> : null}
    </tr>
  );
}

function Cell({ state }: { state: ScopeRow['state'] | undefined }) {
  if (state === undefined) return <td />;
  const { sign, words } = marks[state];
  return (
    <td class="mark">
      <span class={`mark-${state}`} aria-hidden="true">
        {sign}
      </span>
      <span class="aloud">{words}</span>
    </td>
  );
}
