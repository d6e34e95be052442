import { ProblemError } from '../../problems/problem.ts';

/** The fields of a form, each with all its values. */
export interface FormFields {
  one(name: string): string | undefined;
  all(name: string): readonly string[];
  /** A file that was chosen and is not empty. */
  file(name: string): File | undefined;
}

/** As many things as one form may name. */
const mostNamed = 500;

/** `body`: the fields as Hono parses them with `all`. */
export function readFormFields(body: Readonly<Record<string, unknown>>): FormFields {
  const valuesOf = (name: string) => [body[name]].flat();
  const all = (name: string): readonly string[] => {
    const texts = valuesOf(name).filter(
      (one): one is string => typeof one === 'string' && one !== '',
    );
    if (texts.length <= mostNamed) return texts;
    throw new ProblemError({ status: 400, detail: `a form may name ${mostNamed} things at most` });
  };
  const file = (name: string) =>
    valuesOf(name).find((one): one is File => one instanceof File && one.size > 0);
  return { all, one: (name) => all(name)[0], file };
}

/** Ids are shorter. The value may go into an address, which has no room for a long one. */
const longestId = 1_000;

/** The id in a field that the form must have. */
export function requireField(form: FormFields, name: string): string {
  const value = form.one(name);
  if (value === undefined) {
    throw new ProblemError({ status: 400, detail: `the form lacks ${name}` });
  }
  if (value.length <= longestId) return value;
  throw new ProblemError({ status: 400, detail: `${name}: has over ${longestId} characters` });
}
