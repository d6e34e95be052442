import { type Frame, renderFramed } from '../pages/layout/page.tsx';
import { withQuery } from '../pages/paths.ts';

export interface SignInModel {
  /** A path of this host. */
  readonly next: string;
  /** Why an attempt failed, or what has happened; whole sentences. */
  readonly note?: string | undefined;
  readonly isError?: boolean;
}

/** How people may sign in. */
export interface SignInWays {
  readonly hasTokens: boolean;
  /** The host of the OpenID Connect provider. */
  readonly provider: string | undefined;
}

/** The page on which people say who they are. */
export function renderSignIn(
  frame: Frame,
  { next, note, isError = false }: SignInModel,
  { hasTokens, provider }: SignInWays,
): string {
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
        {provider === undefined ? null : (
          <p>
            <a class="button" href={withQuery('/sign-in/oidc', { next })}>
              Sign in with {provider}
            </a>
          </p>
        )}
        {hasTokens ? <TokenForm next={next} /> : null}
      </div>
    ),
  });
}

function TokenForm({ next }: { next: string }) {
  return (
    <>
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value={next} />
        {/* By this, password managers tell this site's token from others. */}
        <input type="text" name="username" value="keysweep" autocomplete="username" hidden />
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
        The tokens are those of http.tokens in keysweep.yaml. Without any, keysweep start wrote one
        to a file, which its log names.
      </p>
    </>
  );
}

/** After signing out here: the provider may still know this browser. */
export function renderSignedOut(frame: Frame, provider: string, href: string): string {
  return renderFramed({
    frame,
    title: 'Signed out',
    children: (
      <div class="sign-in">
        <h1>You have signed out</h1>
        <p>
          <a href={href}>Sign out at {provider} too</a>
        </p>
      </div>
    ),
  });
}
