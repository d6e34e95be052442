import {
  type Entry,
  entries,
  type MeaningFault,
  mapping,
  repeated,
} from '../../evaluate/policy/plain-values.ts';
import { anonymousName, ownTokenName } from '../../options/roles.ts';
import { checkOidc } from './check-oidc.ts';
import { isLoopback } from './http-addresses.ts';

/** Contradictions in the section `http`, as plain values of any shape. */
export function checkHttpSection(raw: unknown): MeaningFault[] {
  const http = mapping(raw)['http'];
  const tokens = entries(http, ['http'], 'tokens');
  return [
    ...repeated(tokens, 'name'),
    ...tokens.flatMap(checkToken),
    ...repeatedTokens(tokens),
    ...checkReach(mapping(http), tokens.length > 0),
    ...checkTokenFile(mapping(http), tokens.length > 0),
    ...checkOidc(mapping(http)),
  ];
}

const reserved: readonly unknown[] = [ownTokenName, anonymousName];

function checkToken({ path, value }: Entry): MeaningFault[] {
  const given = ['token', 'tokenSha256'].filter((key) => value[key] !== undefined);
  const faults: MeaningFault[] = reserved.includes(value['name'])
    ? [{ path: [...path, 'name'], message: `${value['name']} is a reserved name` }]
    : [];
  if (given.length === 1) return faults;
  const message =
    given.length === 0
      ? 'needs a token, a tokenFile or a tokenSha256'
      : 'has a token already; give one of token, tokenFile and tokenSha256';
  return [...faults, { path: given.length === 0 ? path : [...path, 'tokenSha256'], message }];
}

/** Two names of one token would leave open who asks. The message never holds the token. */
function repeatedTokens(tokens: readonly Entry[]): MeaningFault[] {
  const names = new Map<unknown, unknown>();
  return tokens.flatMap(({ path, value: { name, token } }) => {
    if (typeof token !== 'string' || token === '') return [];
    if (!names.has(token)) {
      names.set(token, name);
      return [];
    }
    const message = `is the token of ${String(names.get(token))} already`;
    return [{ path: [...path, 'token'], message }];
  });
}

type Http = Readonly<Record<string, unknown>>;

/** Without credentials in the configuration, only this machine may connect. */
function checkReach({ host, open, oidc }: Http, hasTokens: boolean): MeaningFault[] {
  if (typeof host !== 'string' || host === '' || isLoopback(host)) return [];
  const path = ['http', 'host'];
  if (open === true) {
    return [
      { path, message: 'must be a loopback address such as 127.0.0.1, as http.open is true' },
    ];
  }
  if (hasTokens || oidc !== undefined) return [];
  return [
    {
      path,
      message:
        'must be a loopback address such as 127.0.0.1, unless http.tokens or http.oidc says who may ask: ' +
        `tokens: [{ name: ops, token: \${KEYSWEEP_TOKEN}, role: operator }]`,
    },
  ];
}

function checkTokenFile({ tokenFile, open, oidc }: Http, hasTokens: boolean): MeaningFault[] {
  if (tokenFile === undefined) return [];
  const path = ['http', 'tokenFile'];
  if (hasTokens) return [{ path, message: 'is not used, as http.tokens is given: leave one out' }];
  if (oidc !== undefined) {
    return [{ path, message: 'is not used, as http.oidc is given: leave one out' }];
  }
  if (open === true) return [{ path, message: 'is not used, as http.open is true: leave one out' }];
  return [];
}
