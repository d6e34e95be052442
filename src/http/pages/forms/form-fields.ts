import { ProblemError } from '../../problems/problem.ts';

/** The fields of a form, each with all its values. */
export interface FormFields {
  one(name: string): string | undefined;
  all(name: string): readonly string[];
}

/** As many things as one form may name. */
const mostNamed = 500;

/** `body`: the fields as Hono parses them with `all`. Files count as left out. */
export function readFormFields(body: Readonly<Record<string, unknown>>): FormFields {
  const all = (name: string): readonly string[] => {
    const value = body[name];
    const values = Array.isArray(value) ? value : [value];
    const texts = values.filter((one): one is string => typeof one === 'string' && one !== '');
    if (texts.length <= mostNamed) return texts;
    throw new ProblemError({ status: 400, detail: `a form may name ${mostNamed} things at most` });
  };
  return { all, one: (name) => all(name)[0] };
}

/** The value of a field that the form must have. */
export function requireField(form: FormFields, name: string): string {
  const value = form.one(name);
  if (value !== undefined) return value;
  throw new ProblemError({ status: 400, detail: `the form lacks ${name}` });
}
