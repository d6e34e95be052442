import { severities } from '../../../evaluate/policy/policy.ts';
import type { OpenFindings } from '../../../record/reads/pages/read-open-findings.ts';
import { ageStarts } from '../../../report/finding-ages.ts';
import { SeverityWord } from '../parts/badges.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Wide } from '../parts/wide.tsx';
import { withQuery } from '../paths.ts';

/** Open findings by severity and age; each row leads to its findings. */
export function OpenPanel({ open }: { open: readonly OpenFindings[] }) {
  const rows = severities
    .toReversed()
    .flatMap((severity) => open.find((one) => one.severity === severity) ?? []);
  return (
    <section class="panel" aria-labelledby="open">
      <h2 id="open">Open findings</h2>
      {rows.length === 0 ? (
        <p class="empty">No finding is open.</p>
      ) : (
        <Wide name="Open findings by severity and age">
          <OpenTable rows={rows} />
        </Wide>
      )}
    </section>
  );
}

function OpenTable({ rows }: { rows: readonly OpenFindings[] }) {
  return (
    <table>
      <caption>By severity and by days since they were first seen</caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          {ageStarts.map((from, at) => (
            <th scope="col" class="n">
              {ageLabel(from, ageStarts[at + 1])}
            </th>
          ))}
          <th scope="col" class="n">
            all
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ severity, byAge }) => (
          <tr>
            <th scope="row">
              <a href={withQuery('/findings', { status: 'open', severity })}>
                <SeverityWord severity={severity} />
              </a>
            </th>
            {byAge.map((count) => (
              <td class={count === 0 ? 'n soft' : 'n'}>{renderNumber(count)}</td>
            ))}
            <td class="n">
              <strong>{renderNumber(byAge.reduce((sum, count) => sum + count, 0))}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ageLabel(from: number, to: number | undefined): string {
  return to === undefined ? `${from}+` : `${from}–${to - 1}`;
}
