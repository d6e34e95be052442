import type { Child } from 'hono/jsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { OwnForm } from '../parts/own-form.tsx';
import { Saying } from '../parts/saying.tsx';

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
      <Saying title={title} says={says}>
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
      </Saying>
    ),
  });
}
