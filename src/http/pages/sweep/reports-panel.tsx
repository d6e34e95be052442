import { withQuery } from '../paths.ts';

const formats = [
  { format: 'html', name: 'HTML', words: 'a page of its own, to keep and to print' },
  { format: 'json', name: 'JSON', words: 'everything, for programs' },
  { format: 'csv', name: 'CSV', words: 'a row for each key, for spreadsheets' },
  { format: 'sarif', name: 'SARIF', words: 'for code scanning' },
  { format: 'table', name: 'Text', words: 'as the command prints it' },
] as const;

/** The report of the sweep in each form. */
export function ReportsPanel({ id }: { id: string }) {
  return (
    <section class="panel half" aria-labelledby="reports">
      <h2 id="reports">Reports</h2>
      <ul>
        {formats.map(({ format, name, words: about }) => (
          <li>
            <a href={withQuery(`/api/v1/sweeps/${encodeURIComponent(id)}`, { format })}>{name}</a>{' '}
            <span class="soft">{about}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
