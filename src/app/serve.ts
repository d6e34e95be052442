import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { reviewLinkPath } from '../alert/review-links.ts';
import type { Config, Secrets } from '../config/config.ts';
import type { HttpConfig, TokenHash } from '../config/http/http-config.ts';
import { version } from '../config/version.ts';
import { createApi } from '../http/api/create-api.ts';
import { createHealth, type HealthChecks } from '../http/create-health.ts';
import { createListener } from '../http/create-listener.ts';
import { createSite, type FindCaller } from '../http/create-site.ts';
import { createTokenFinder } from '../http/guard/find-token.ts';
import { createHoldOff } from '../http/guard/hold-off.ts';
import { listen } from '../http/listen.ts';
import { createLogFiles } from '../http/log-files/create-log-files.ts';
import { createKeptBacktests } from '../http/pages/backtest/keep-backtests.ts';
import { createPages } from '../http/pages/create-pages.ts';
import { createRefusalPages } from '../http/pages/errors/refusal-pages.ts';
import type { FrameParts } from '../http/pages/layout/frames.ts';
import type { PageMeans } from '../http/pages/page-entry.ts';
import { createReviewLink } from '../http/review-link/create-review-link.ts';
import { createSessions } from '../http/session/sessions.ts';
import type { OidcParts } from '../http/sign-in/create-oidc.ts';
import { createSignIn } from '../http/sign-in/create-sign-in.ts';
import { createOneTimeCodes } from '../http/sign-in/one-time-codes.ts';
import type { OperationsFor } from '../operations/local.ts';
import type { NoteDenied } from '../operations/recording/permit.ts';
import type { DecideByLink } from '../operations/reviews/decide-by-link.ts';
import { anonymousName } from '../options/roles.ts';
import type { QueueBackend } from '../queue/backend.ts';
import { queueNames } from '../queue/define-job.ts';
import type { Database } from '../record/store/database.ts';
import { hostPort } from '../text/host-port.ts';
import type { Closing } from './closing.ts';
import type { CurrentFiles } from './files/current-files.ts';
import { openReviewLinks } from './open-review-links.ts';
import { takeOwnToken } from './own-token.ts';

export interface ServeParts {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly checks: HealthChecks;
  /** What Prometheus asks. */
  readonly scraped: Hono | undefined;
  readonly operationsFor: OperationsFor;
  readonly noteDenied: NoteDenied;
  readonly decideByLink: DecideByLink;
  readonly database: Database;
  readonly files: Pick<CurrentFiles, 'config'>;
  readonly backend: Pick<QueueBackend, 'createQueue' | 'codeOf'>;
  readonly closing: Closing;
}

/** A port that people and programs ask at. */
export interface Served {
  readonly port: number;
  /** Makes an address that signs in once, where `start` made its own token. */
  readonly makeSignInLink: (() => string) | undefined;
}

/** Opens the port of HTTP, if the configuration has one. */
export async function serve(parts: ServeParts): Promise<Served | undefined> {
  const { config, secrets, log, checks, scraped, operationsFor, noteDenied, closing } = parts;
  const { http } = config;
  if (http === undefined) return undefined;
  const tokens = await findTokens(http, secrets, log);
  const tokenChecks = { tokens, holdOff: createHoldOff(), noteDenied };
  const { publicUrl, ownTokenFile } = http;
  const oidc = http.open ? undefined : await openOidc(http, secrets);
  const sessions = createSessions({
    database: parts.database,
    publicUrl,
    tokens,
    oidc: oidc?.oidc,
  });
  const codes = createOneTimeCodes();
  const [own] = ownTokenFile === undefined ? [] : tokens;
  const link = own && { codes, token: own };
  const made = { version: version(), log, now: () => new Date() };
  const backtests = createKeptBacktests(made);
  const queueBoard = http.queueBoard ? await openQueueBoard(parts) : undefined;
  const site = createSite({
    http,
    open: [createHealth(checks), ...(scraped === undefined ? [] : [scraped])],
    routes: {
      '/api/v1': createApi({ operationsFor: () => operationsFor, log, noteDenied }),
      '/evidence': createLogFiles({
        db: parts.database.db,
        open: config.evidence.open,
        noteDenied,
      }),
      ...createSignIn({ sessions, checks: tokenChecks, link, oidc, ...made }),
      ...openLinkPages(parts, made),
      '/': createPages({
        means: meansOf(parts),
        ...{ operationsFor, backtests, queueBoard, noteDenied, ...made },
      }),
    },
    findCaller: [
      createTokenFinder(tokenChecks),
      sessions.findCaller,
      ...(http.open ? [findAnybody] : []),
    ],
    log,
    asPage: createRefusalPages({ ...made, hasQueueBoard: http.queueBoard }),
  });
  const listening = await listen(createListener(site), http);
  closing.add('http', () => listening.close());
  closing.add('back-tests', () => backtests.close());
  const { port } = listening;
  const at = `http://${hostPort(http.host, port)}/sign-in`;
  return { port, makeSignInLink: link && (() => `${at}?code=${codes.make()}`) };
}

/** None where mails to reviewers hold no links. */
function openLinkPages(
  { config, secrets, database, decideByLink: decide, noteDenied }: ServeParts,
  made: FrameParts,
) {
  const links = openReviewLinks(config, secrets);
  if (links === undefined) return {};
  return {
    [reviewLinkPath]: createReviewLink({ ...made, config, database, links, decide, noteDenied }),
  };
}

/** Loaded where it is used only. */
async function openQueueBoard({ backend, noteDenied, closing }: ServeParts) {
  const { createQueueBoard } = await import('../http/queue-board/create-queue-board.ts');
  const queues = Object.values(queueNames).map((name) => {
    // The backend reports its connections.
    return backend.createQueue(name).on('error', () => undefined);
  });
  closing.add('queue board', () => Promise.all(queues.map((queue) => queue.close())));
  return createQueueBoard({ queues, backend, noteDenied });
}

/** Loaded where it is used only. */
async function openOidc(
  { oidc, publicUrl }: HttpConfig,
  { oidcClientSecret: clientSecret, proxies }: Secrets,
): Promise<OidcParts | undefined> {
  if (oidc === undefined || clientSecret === undefined || publicUrl === undefined) return undefined;
  const { openProvider } = await import('../http/oidc/open-provider.ts');
  return { oidc, publicUrl, provider: openProvider({ oidc, clientSecret, publicUrl, proxies }) };
}

async function findTokens(
  { tokens, open, ownTokenFile, oidc }: HttpConfig,
  secrets: Secrets,
  log: Logger,
): Promise<readonly TokenHash[]> {
  if (ownTokenFile !== undefined) {
    const own = await takeOwnToken(ownTokenFile);
    log.info({ file: ownTokenFile }, 'the token for the API is in this file');
    return [own];
  }
  if (open) log.warn('http.open: everybody on this machine may read and change everything');
  else if (tokens.length === 0 && oidc === undefined) {
    log.warn('the API answers nobody: give http.tokens, or http.tokenFile for a token to be made');
  }
  return secrets.tokens;
}

const findAnybody: FindCaller = (context) => {
  const { address } = context.get('client');
  return { name: anonymousName, role: 'operator', from: address };
};

function meansOf({ database, files }: ServeParts): PageMeans {
  return {
    database,
    get config() {
      return files.config;
    },
  };
}
