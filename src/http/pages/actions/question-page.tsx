import type { Child } from 'hono/jsx';
import { Shown } from '../../../report/html/shown.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { OwnForm } from '../parts/own-form.tsx';

/** What is asked before something that cannot be undone. */
export interface Question {
  readonly title: string;
  readonly says: string;
  /** Where the form is sent to, and its hidden fields. */
  readonly action: string;
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly button: string;
  /** The page to go back to. */
  readonly back: string;
  readonly children?: Child;
}

export function renderQuestion(frame: Frame, question: Question): string {
  const { title, says, action, fields, button, back, children } = question;
  return renderFramed({
    frame,
    title,
    children: (
      <div class="head">
        <h1>{title}</h1>
        <p>
          <Shown text={says} most={600} />
        </p>
        <OwnForm action={action} token={frame.formToken}>
          {Object.entries(fields).flatMap(([name, value]) =>
            [value].flat().map((one) => <input type="hidden" name={name} value={one} />),
          )}
          <input type="hidden" name="sure" value="yes" />
          {children}
          <p class="buttons answer">
            <button type="submit">{button}</button> <a href={back}>Leave it as it is</a>
          </p>
        </OwnForm>
      </div>
    ),
  });
}
