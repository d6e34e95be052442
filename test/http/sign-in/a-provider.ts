import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { onTestFinished } from 'vitest';

export const clientId = 'keysweep';
export const clientSecret = 'canary-of-the-client-1234567890';

type Claims = Record<string, unknown>;

/** What a test changes while the provider runs. */
export interface ProviderState {
  groups: unknown;
  /** Changes the claims of ID tokens, which are signed again. */
  change: ((claims: Claims) => Claims) | undefined;
  /** Whether they are signed with a key that the provider does not publish. */
  forges: boolean;
}

const keyOf = () => generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
const key = keyOf();
const foreignKey = keyOf();
const kid = 'key-of-tests';

/** A real provider, at which everybody is ann and says yes. */
export async function openTestProvider(publicUrl: string) {
  const state: ProviderState = { groups: ['sec'], change: undefined, forges: false };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: clientId, client_secret: clientSecret },
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [`${publicUrl}/sign-in/oidc/callback`],
        post_logout_redirect_uris: [`${publicUrl}/sign-in`],
      },
    ],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['for tests'] },
    claims: { openid: ['sub', 'groups'], profile: ['preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    // Without PKCE, nobody gets a code here.
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      // The usual page asks another host for its letters.
      rpInitiatedLogout: {
        logoutSource(context, form) {
          context.body = `${form}<button form="op.logoutForm" name="logout" value="yes">Yes</button>`;
        },
      },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: (use) => ({
        ...{ sub: accountId, preferred_username: 'ann', groups: state.groups },
        ...(use === 'userinfo' ? { email: 'ann@info.example' } : {}),
      }),
    }),
  });
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string };
    if (context.path !== '/token' || body.id_token === undefined) return;
    if (state.change !== undefined || state.forges) {
      context.body = { ...body, id_token: signAgain(body.id_token, state) };
    }
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      answer(request, response);
      return;
    }
    const login = async () => {
      const grant = new provider.Grant({ accountId: 'u-1', clientId });
      grant.addOIDCScope('openid profile email');
      const result = { login: { accountId: 'u-1' }, consent: { grantId: await grant.save() } };
      await provider.interactionFinished(request, response, result);
    };
    login().catch(() => response.writeHead(500).end());
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { issuer, state, close };
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signAgain(token: string, { change, forges }: ProviderState): string {
  const [, body = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
  const head = encode({ alg: 'RS256', kid, typ: 'JWT' });
  const signed = `${head}.${encode(change?.(claims) ?? claims)}`;
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(forges ? foreignKey : key);
  return `${signed}.${signature.toString('base64url')}`;
}
