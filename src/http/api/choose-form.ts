import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import type { AnswerForm, ValueAnswer } from '../../operations/answers.ts';
import { ProblemError } from '../problems/problem.ts';

/** A form of an answer, and the name that `?format=` gives it. */
export interface ChosenForm extends AnswerForm<unknown> {
  readonly format: string;
}

type Answer = ValueAnswer<unknown>;

/**
 * The form that a client wants: by `?format=`, else by the header Accept, else JSON. Throws 400 for a
 * format that there is not.
 */
export function chooseForm(context: Context, answer: Answer, format: unknown): ChosenForm {
  const forms = formsOf(answer);
  if (format !== undefined) {
    const wanted = forms.find((form) => form.format === format);
    if (wanted !== undefined) return wanted;
    const names = forms.map((form) => form.format).join(', ');
    throw new ProblemError({ status: 400, detail: `format: must be one of ${names}` });
  }
  const [json] = forms;
  const type = accepts(context, {
    header: 'Accept',
    supports: forms.map((form) => form.type),
    default: json.type,
  });
  return forms.find((form) => form.type === type) ?? json;
}

function formsOf({ write, forms = {} }: Answer): readonly [ChosenForm, ...ChosenForm[]] {
  const json = { format: 'json', type: 'application/json', extension: 'json', write };
  return [json, ...Object.entries(forms).map(([format, form]) => ({ ...form, format }))];
}
