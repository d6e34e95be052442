import type { Child } from 'hono/jsx';
import type { Caller } from '../../../operations/caller.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { shortenText } from '../../../report/safe-text.ts';
import { queueBoardPath } from '../../queue-board/queue-board-path.ts';
import { OwnForm } from '../parts/own-form.tsx';
import { Instant } from '../parts/times.tsx';
import { type Destination, destinations } from './navigation.ts';

/** Who sees a page. */
export type ShownCaller = Pick<Caller, 'name' | 'role' | 'proof'>;

/** What every page shows around its content. */
export interface Frame {
  /** Undefined for somebody who has not signed in. */
  readonly caller: ShownCaller | undefined;
  /** What forms carry; undefined without a session. */
  readonly formToken: string | undefined;
  /** When the page was made. */
  readonly at: Date;
  readonly version: string;
  /** Whether some of the nights were invented. */
  readonly simulated: boolean;
  /** Whether the navigation leads to the queue. */
  readonly hasQueueBoard?: boolean;
  readonly assets: Readonly<Record<'style' | 'script' | 'icon', { readonly path: string }>>;
}

export interface PageProps {
  readonly frame: Frame;
  readonly title: string;
  /** Which destination is marked in the navigation. */
  readonly current?: Destination;
  /** Whether a browser without scripts loads the page again, because something goes on. */
  readonly refreshes?: boolean;
  readonly children?: Child;
}

/** Renders a whole page. */
export function renderFramed(props: PageProps): string {
  return `<!doctype html>\n${<Page {...props} />}\n`;
}

function Page({ frame, title, current, refreshes = false, children }: PageProps) {
  return (
    <html lang="en">
      <Head frame={frame} title={title} refreshes={refreshes} />
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Top frame={frame} current={current} />
        {frame.simulated ? <SimulatedBanner /> : null}
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <footer class="end">
          <p>
            keysweep {frame.version}. This page was made at <Instant at={frame.at} />; times are in{' '}
            <span data-zone="">UTC</span>.
          </p>
        </footer>
      </body>
    </html>
  );
}

/** A landmark, as everything on a page must be in one. */
function SimulatedBanner() {
  return (
    <aside class="banner" aria-label="Simulated nights">
      <p>
        <strong>Some of the nights shown here are simulated.</strong> keysweep demo invented them;
        they are no evidence.
      </p>
    </aside>
  );
}

type HeadProps = Pick<PageProps, 'frame' | 'title'> & { readonly refreshes: boolean };

function Head({ frame: { assets }, title, refreshes }: HeadProps) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{shortenText(title, 100)} – keysweep</title>
      {refreshes ? (
        <noscript>
          <meta http-equiv="refresh" content="5" />
        </noscript>
      ) : null}
      <link rel="icon" href={assets.icon.path} type="image/svg+xml" />
      <link rel="stylesheet" href={assets.style.path} />
      <script type="module" src={assets.script.path} />
    </head>
  );
}

interface TopProps {
  readonly frame: Frame;
  readonly current: Destination | undefined;
}

function Top({ frame, current }: TopProps) {
  return (
    <header class="top">
      <div>
        <a class="name" href="/">
          keysweep
        </a>
        {frame.caller === undefined ? null : <Navigation frame={frame} current={current} />}
        {frame.caller === undefined ? null : (
          <p class="who">
            <Shown text={frame.caller.name} most={60} />, {frame.caller.role}
          </p>
        )}
        {frame.formToken === undefined ? null : (
          <OwnForm action="/sign-out" token={frame.formToken}>
            <button type="submit" class="plain">
              Sign out
            </button>
          </OwnForm>
        )}
      </div>
    </header>
  );
}

function Navigation({ frame, current }: TopProps) {
  return (
    <nav aria-label="Pages">
      <ul>
        {destinations.map(({ path, name }) => (
          <li>
            <a href={path} {...(path === current ? { 'aria-current': 'page' } : {})}>
              {name}
            </a>
          </li>
        ))}
        {frame.hasQueueBoard === true ? (
          <li>
            <a href={queueBoardPath}>Queue</a>
          </li>
        ) : null}
      </ul>
    </nav>
  );
}
