import type { Child } from 'hono/jsx';
import { Shown } from '../../../report/html/shown.tsx';
import { shortenText } from '../../../report/safe-text.ts';
import type { ActiveFilter } from './filter-state.ts';

interface FilterFormProps {
  readonly path: string;
  /** What the form finds: “findings”. */
  readonly what: string;
  readonly active: readonly ActiveFilter[];
  /** The names that the form has fields for; filters of other names are kept as they are. */
  readonly fields: readonly string[];
  readonly sort?: string | undefined;
  readonly children?: Child;
}

/** A form that writes its filters into the URL, and the filters in force, each with a way out. */
export function FilterForm({ path, what, active, fields, sort, children }: FilterFormProps) {
  const others = active.filter(({ name }) => !fields.includes(name));
  return (
    <search class="unprinted">
      <form class="filters" method="get" action={path}>
        {children}
        {others.map(({ name, value }) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {sort === undefined ? null : <input type="hidden" name="sort" value={sort} />}
        <button type="submit">Show</button>
        {active.length === 0 ? null : <a href={path}>Clear</a>}
      </form>
      {others.length === 0 ? null : (
        <ul class="chips" aria-label={`Filters of the ${what}`}>
          {others.map(({ name, value, without }) => (
            <li>
              {name}: <Shown text={value} most={80} />{' '}
              <a href={without} aria-label={`Remove the filter ${name}`}>
                ×
              </a>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

export function TextField({ name, label, value }: FieldProps) {
  return (
    <label class="search">
      <span>{label}</span>
      <input type="search" name={name} value={value} maxlength={200} autocomplete="off" />
    </label>
  );
}

interface ChoiceFieldProps extends FieldProps {
  /** The word for no choice. */
  readonly any: string;
  readonly choices: readonly (string | readonly [value: string, words: string])[];
}

/** A choice of one; a value from the URL that is not among the choices stays chosen. */
export function ChoiceField({ name, label, value, any, choices }: ChoiceFieldProps) {
  const pairs = choices.map((choice) => (typeof choice === 'string' ? [choice, choice] : choice));
  const known = value === '' || pairs.some(([own]) => own === value);
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="" selected={value === ''}>
          {any}
        </option>
        {(known ? pairs : [...pairs, [value, value]]).map(([own = '', words = '']) => (
          <option value={own} selected={own === value}>
            {shortenText(words, 80)}
          </option>
        ))}
      </select>
    </label>
  );
}
