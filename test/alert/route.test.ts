import { describe, expect, test } from 'vitest';
import { compileRoutes, type Routable } from '../../src/alert/route.ts';
import type { RouteConfig, RouteMatch } from '../../src/config/config.ts';
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

test('goes to all channels without routes', () => {
  expect(route([])).toEqual(channels);
});

test('goes to all channels when no route matches', () => {
  expect(route([to({ owner: ['search'] }, 'mail')])).toEqual(channels);
});

test('goes to the channels of every route that matches, each once', () => {
  const routes = [
    to({ owner: ['payments'] }, 'oncall', 'siem'),
    to({ severity: ['high', 'critical'] }, 'siem'),
    to({ owner: ['search'] }, 'mail'),
  ];
  expect(route(routes)).toEqual(['siem', 'oncall']);
});

test('takes a route without a match for every finding', () => {
  expect(route([to(undefined, 'mail')])).toEqual(['mail']);
});

test('asks for every part of a match', () => {
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
  test('sends the finding to where it might belong and to where it goes otherwise', () => {
    expect(route([to({ type: ['public'] }, 'mail')], { type: undefined })).toEqual(channels);
    const routes = [to({ type: ['public'] }, 'mail'), to({ owner: ['payments'] }, 'siem')];
    expect(route(routes, { type: undefined })).toEqual(['siem', 'mail']);
  });

  test('does not matter where another part of the match says no', () => {
    const routes = [
      to({ type: ['public'], owner: ['search'] }, 'mail'),
      to({ owner: ['payments'] }, 'siem'),
    ];
    expect(route(routes, { type: undefined })).toEqual(['siem']);
  });
});
