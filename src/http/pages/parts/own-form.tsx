import type { Child } from 'hono/jsx';
import { formTokenField } from '../../session/form-token-field.ts';

interface OwnFormProps {
  readonly action: string;
  /** Of the session; without one, the site needs none. */
  readonly token: string | undefined;
  readonly children?: Child;
}

/** A form that changes something. It carries the token of the session, so that only our pages can send it. */
export function OwnForm({ action, token, children }: OwnFormProps) {
  return (
    <form method="post" action={action}>
      {token === undefined ? null : <input type="hidden" name={formTokenField} value={token} />}
      {children}
    </form>
  );
}
