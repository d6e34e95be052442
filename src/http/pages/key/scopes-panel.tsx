import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { Table } from '../parts/table.tsx';
import type { KeyModel } from './key-model.ts';
import type { ScopeRow } from './plan-scopes.ts';

/** The scopes of the key beside those approved, the differences marked. */
export function ScopesPanel({ model: { facts, scopes } }: { model: KeyModel }) {
  const { approvedScopes, details } = facts;
  return (
    <section class="panel half" aria-labelledby="scopes">
      <h2 id="scopes">Scopes</h2>
      {approvedScopes === null ? (
        <p class="note">The inventory approves no scopes for this key by name.</p>
      ) : null}
      {details.scopes === undefined ? (
        <p class="empty">The scopes of this key are not known.</p>
      ) : null}
      {scopes.length === 0 ? (
        details.scopes === undefined ? null : (
          <p class="empty">This key has no scopes.</p>
        )
      ) : (
        <ScopeTable scopes={scopes} />
      )}
    </section>
  );
}

/** A key may have thousands. */
const mostShown = 100;

function ScopeTable({ scopes }: { scopes: readonly ScopeRow[] }) {
  const left = scopes.length - mostShown;
  return (
    <>
      <Table name="Scopes, those to look at first" class="list" columns={columns}>
        {scopes.slice(0, mostShown).map(({ scope, granted, approved, state }) => (
          <tr class={`scope-${state}`}>
            <th scope="row">
              <code>
                <Shown text={scope} />
              </code>
            </th>
            <td data-label="The key has it">{granted ? 'yes' : 'no'}</td>
            <td data-label="Approved">{approved ? 'yes' : 'no'}</td>
            <td>{stateWords[state]}</td>
          </tr>
        ))}
      </Table>
      {left > 0 ? (
        <p class="more">
          {renderCount(left, 'more scope')} {left === 1 ? 'is' : 'are'} not shown.
        </p>
      ) : null}
    </>
  );
}

const columns = ['Scope', 'The key has it', 'Approved', 'Difference'];

const stateWords = {
  agreed: '–',
  'not-approved': <span class="badge is-fail">not approved</span>,
  added: <span class="badge is-fail">added since the first sweep</span>,
  'not-granted': <span class="badge is-none">approved, not granted</span>,
  'not-stated': '–',
} as const;
