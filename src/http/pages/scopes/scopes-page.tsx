import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import type { ScopeRow } from '../key/plan-scopes.ts';
import type { Frame } from '../layout/page.tsx';
import type { FilterChoices } from '../lists/filter-choices.ts';
import { renderListPage } from '../lists/list-page.tsx';
import type { List } from '../lists/read-list.ts';
import { KeyLink } from '../parts/key-link.tsx';
import { Wide } from '../parts/wide.tsx';
import { canWrite, type MatrixRow, type ScopeMatrix } from './plan-matrix.ts';

/** All that the matrix of scopes shows. */
export interface ScopesModel extends List<unknown> {
  readonly matrix: ScopeMatrix;
  readonly choices: FilterChoices;
  readonly types: readonly string[];
}

export function renderScopes(frame: Frame, model: ScopesModel): string {
  const { matrix, choices, types } = model;
  return renderListPage({
    ...{ frame, list: model, path: '/scopes', title: 'Scopes', what: 'scopes' },
    note: 'Which keys may do what, by the last answer of the vendor. Scopes that seem to allow changes come first.',
    fields: [
      { name: 'owner', label: 'Owner', choices: choices.owners },
      { name: 'type', label: 'Type of key', choices: types },
      { name: 'environment', label: 'Environment', choices: choices.environments },
      { name: 'source', label: 'Source', choices: choices.sources },
    ],
    none: 'No sweep has seen a key yet.',
    noMatch: 'No key matches.',
    children: (
      <>
        <Legend />
        <Matrix matrix={matrix} />
      </>
    ),
  });
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
          {renderCount(left, 'more scope')} {left === 1 ? 'has' : 'have'} no column here; filter by
          owner or type to see {left === 1 ? 'it' : 'them'}.
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
