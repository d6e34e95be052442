import type { Child } from 'hono/jsx';
import { formTokenField } from '../../session/form-token-field.ts';

interface OwnFormProps {
  readonly action: string;
  /** Of the session; without one, the site needs none. */
  readonly token: string | undefined;
  readonly takesFiles?: boolean;
  readonly children?: Child;
}

/** A form that changes something. It carries the token of the session, so that only our pages can send it. */
export function OwnForm({ action, token, takesFiles = false, children }: OwnFormProps) {
  return (
    <form method="post" action={action} enctype={takesFiles ? 'multipart/form-data' : undefined}>
      {token === undefined ? null : <input type="hidden" name={formTokenField} value={token} />}
      {children}
    </form>
  );
}
