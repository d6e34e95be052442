import { Shown } from '../../../report/html/shown.tsx';
import { shortenText } from '../../../report/safe-text.ts';
import type { FilterChoices } from './filter-choices.ts';
import type { ActiveFilter } from './filter-state.ts';

/** A field of a filter: a choice of one, or a text where no choices are known. */
export interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly choices?: readonly FilterChoice[] | undefined;
  /** The choice that holds without a filter, if that is not any. */
  readonly usual?: string;
}

/** The field for tags; none where no key has one. */
export function tagField({ tags }: Pick<FilterChoices, 'tags'>): readonly FilterField[] {
  return tags?.length === 0 ? [] : [{ name: 'tag', label: 'Tag', choices: tags }];
}

type FilterChoice = string | readonly [value: string, words: string];

interface FilterFormProps {
  readonly path: string;
  /** What the form finds: “findings”. */
  readonly what: string;
  readonly query: URLSearchParams;
  readonly active: readonly ActiveFilter[];
  /** Each holds one value; further ones, and filters of other names, are kept as they are. */
  readonly fields: readonly FilterField[];
  readonly sort?: string | undefined;
}

/** A form that writes its filters into the URL, and the filters in force, each with a way out. */
export function FilterForm({ path, what, query, active, fields, sort }: FilterFormProps) {
  const others = active.filter(({ name, value }) => {
    return !fields.some((field) => field.name === name && query.get(name) === value);
  });
  return (
    <>
      <PrintedFilters {...{ query, others, fields }} />
      <search class="unprinted">
        <form class="filters" method="get" action={path}>
          {fields.map((field) => (
            <Field field={field} value={query.get(field.name) ?? ''} />
          ))}
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
    </>
  );
}

interface PrintedProps extends Pick<FilterFormProps, 'query' | 'fields'> {
  readonly others: readonly ActiveFilter[];
}

/** Says on paper, which has no form, what a list is of. */
function PrintedFilters({ query, others, fields }: PrintedProps) {
  const ofFields = fields.map(({ name, label, choices }) => {
    const value = query.get(name) ?? '';
    const chosen = choices?.find((one) => typeof one !== 'string' && one[0] === value);
    return { label, value: chosen?.[1] ?? value };
  });
  const labels = new Map(fields.map(({ name, label }) => [name, label]));
  const ofOthers = others.map(({ name, value }) => ({ label: labels.get(name) ?? name, value }));
  const shown = [...ofFields, ...ofOthers].filter(({ value }) => value !== '');
  if (shown.length === 0) return null;
  return (
    <ul class="printed">
      {shown.map(({ label, value }) => (
        <li>
          {label}: <Shown text={value} most={200} />
        </li>
      ))}
    </ul>
  );
}

interface FieldProps {
  readonly field: FilterField;
  readonly value: string;
}

function Field({ field: { name, label, choices, usual }, value }: FieldProps) {
  if (choices === undefined) {
    return (
      <label class={name === 'text' ? 'search' : undefined}>
        <span>{label}</span>
        <input type="search" name={name} value={value} maxlength={200} autocomplete="off" />
      </label>
    );
  }
  const chosen = value === usual ? '' : value;
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        <option value="" selected={chosen === ''}>
          {usual ?? 'any'}
        </option>
        {pairsOf(choices, chosen).map(([own, words]) => (
          <option value={own} selected={own === chosen}>
            {shortenText(words, 80)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A value from the URL that is not among the choices stays chosen. */
function pairsOf(choices: readonly FilterChoice[], chosen: string) {
  const pairs = choices.map((one) => (typeof one === 'string' ? ([one, one] as const) : one));
  const known = chosen === '' || pairs.some(([own]) => own === chosen);
  return known ? pairs : [...pairs, [chosen, chosen] as const];
}
