import { describe, expect, test } from 'vitest';
import type { RouteConfig, RouteMatch } from '../../src/alert/alerts-config.ts';
import { destinationsOf } from '../../src/alert/destinations.ts';
import { compileRoutes, type Routable } from '../../src/alert/route.ts';
import { aDestination } from './an-alerting.ts';

const channels = ['siem', 'oncall', 'mail'];
const key: Routable = {
  severity: 'high',
  source: 'flexcharge-prod',
  type: 'secret',
  environment: 'production',
  owner: 'payments',
  tags: ['pci'],
  scopes: ['charges:write'],
};

const to = (match: RouteMatch | undefined, ...ids: string[]): RouteConfig => ({
  match,
  channels: ids,
});
const route = (routes: RouteConfig[], finding: Partial<Routable> = {}) =>
  compileRoutes(aDestination(channels, { routes }))({ ...key, ...finding });

test('a finding goes to all channels without routes', () => {
  expect(route([])).toEqual(channels);
});

test('a finding goes to all channels when no route matches', () => {
  expect(route([to({ owner: ['search'] }, 'mail')])).toEqual(channels);
});

test('a finding goes to the channels of every matching route, once to each', () => {
  const routes = [
    to({ owner: ['payments'] }, 'oncall', 'siem'),
    to({ severity: ['high', 'critical'] }, 'siem'),
    to({ owner: ['search'] }, 'mail'),
  ];
  expect(route(routes)).toEqual(['siem', 'oncall']);
});

test('a route without a match takes every finding', () => {
  expect(route([to(undefined, 'mail')])).toEqual(['mail']);
});

test('every part of a match must fit', () => {
  const routes = [to({ severity: ['high'], environment: ['sandbox'] }, 'mail')];
  expect(route(routes)).toEqual(channels);
  expect(route(routes, { environment: 'sandbox' })).toEqual(['mail']);
  expect(route(routes, { environment: 'sandbox', severity: 'low' })).toEqual(channels);
});

test.each<[string, RouteMatch]>([
  ['source', { source: ['flexcharge-*'] }],
  ['type', { type: ['secret'] }],
  ['tags', { tags: ['p*'] }],
  ['scope', { scope: ['*:WRITE'] }],
])('matches by %s as a rule of the policy does', (_, match) => {
  expect(route([to(match, 'mail')])).toEqual(['mail']);
});

describe('a field that cannot be read', () => {
  test('sends the finding to the routes that may match and to where it goes otherwise', () => {
    expect(route([to({ type: ['public'] }, 'mail')], { type: undefined })).toEqual(channels);
    const routes = [to({ type: ['public'] }, 'mail'), to({ owner: ['payments'] }, 'siem')];
    expect(route(routes, { type: undefined })).toEqual(['siem', 'mail']);
  });

  test('does not matter if another part of the match does not fit', () => {
    const routes = [
      to({ type: ['public'], owner: ['search'] }, 'mail'),
      to({ owner: ['payments'] }, 'siem'),
    ];
    expect(route(routes, { type: undefined })).toEqual(['siem']);
  });
});

describe('a route to the owner', () => {
  const mail = { id: 'mail', type: 'email', from: 'k@x.y', to: ['a@x.y'] } as const;
  const owners = new Map([
    ['payments', { channels: ['oncall', 'siem'], email: 'payments@x.y' }],
    ['search', { channels: [], email: 'search@x.y' }],
    ['sales', { channels: ['mail'], email: undefined }],
  ]);
  const goesTo = (
    routes: RouteConfig[],
    owner: string | null,
    difference: Partial<Routable> = {},
  ) => {
    const none = { remindAfterMs: undefined, anomaly: undefined, allowPrivateNetworks: false };
    const others = [
      { id: 'siem', type: 'webhook' },
      { id: 'oncall', type: 'pagerduty' },
    ] as const;
    const alerts = { ...none, channels: [...others, mail], routes };
    return compileRoutes(destinationsOf({ alerts, owners }))({ ...key, ...difference, owner });
  };

  test.each([
    ['payments', ['siem', 'oncall', 'owner:payments']],
    ['search', ['owner:search']],
    ['sales', ['mail']],
  ])('reaches the channels and the address of %s', (owner, to_) => {
    expect(goesTo([to(undefined, 'owner')], owner)).toEqual(to_);
  });

  test('names a channel once, however often it is reached', () => {
    const routes = [to(undefined, 'siem', 'owner'), to({ severity: ['high'] }, 'oncall', 'owner')];
    expect(goesTo(routes, 'payments')).toEqual(['siem', 'oncall', 'owner:payments']);
  });

  test.each(['Payments', 'payments ', 'nobody', '__proto__', 'constructor', null])(
    'goes to all channels, and to no owner’s address, if no entry exists for %j',
    (owner) => {
      expect(goesTo([to(undefined, 'owner')], owner)).toEqual(channels);
    },
  );

  test('goes to the other channels of the routes if the owner has no entry', () => {
    expect(goesTo([to(undefined, 'owner', 'mail')], 'nobody')).toEqual(['mail']);
    expect(goesTo([to(undefined, 'owner'), to(undefined, 'siem')], 'nobody')).toEqual(['siem']);
  });

  test('without an entry goes to all channels if another route only may match', () => {
    const routes = [to(undefined, 'owner'), to({ type: ['public'] }, 'mail')];
    expect(goesTo(routes, 'nobody', { type: undefined })).toEqual(channels);
  });

  test('that may match reaches the owner beside all channels', () => {
    const routes = [to({ type: ['public'] }, 'owner')];
    expect(goesTo(routes, 'search', { type: undefined })).toEqual([...channels, 'owner:search']);
    expect(goesTo(routes, 'search')).toEqual(channels);
  });
});
