import { type Frame, renderFramed } from '../pages/layout/page.tsx';

export interface SignInModel {
  /** A path of this host. */
  readonly next: string;
  /** Why an attempt failed, or what has happened; whole sentences. */
  readonly note?: string | undefined;
  readonly isError?: boolean;
}

/** The page on which people say who they are. */
export function renderSignIn(frame: Frame, { next, note, isError = false }: SignInModel): string {
  return renderFramed({
    frame,
    title: 'Sign in',
    children: (
      <div class="sign-in">
        <h1>Sign in</h1>
        {note === undefined ? null : (
          <p class={isError ? 'refusal' : 'note'} role={isError ? 'alert' : 'status'}>
            {note}
          </p>
        )}
        <form method="post" action="/sign-in">
          <input type="hidden" name="next" value={next} />
          <label for="token">Token</label>
          <input
            id="token"
            name="token"
            type="password"
            autocomplete="current-password"
            maxlength={512}
            required
          />
          <button type="submit">Sign in</button>
        </form>
        <p class="note">
          The tokens are those of http.tokens in keysweep.yaml. Without any, keysweep start wrote
          one to a file, which its log names.
        </p>
      </div>
    ),
  });
}
