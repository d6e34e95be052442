import type { SweptKey } from '../../../record/reads/pages/read-swept-keys.ts';
import { VerdictBadge } from '../parts/badges.tsx';
import { KeyLink } from '../parts/key-link.tsx';

/** The answer of a re-audit: the keys that it asked about, and what came of each. */
export function SweptKeysPanel({ keys }: { keys: readonly SweptKey[] }) {
  return (
    <section class="panel half" aria-labelledby="keys">
      <h2 id="keys">Keys</h2>
      <ul class="rows">
        {keys.map(({ source, keyId, name, verdict }) => (
          <li>
            {verdict === null ? (
              <span class="badge is-none">asked</span>
            ) : (
              <VerdictBadge verdict={verdict} />
            )}{' '}
            <KeyLink source={source} keyId={keyId} name={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}
