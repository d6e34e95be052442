import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { describeApi } from '../../../../src/http/api/openapi/describe-api.ts';
import { registry } from '../../../../src/operations/index.ts';

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, object>>;
}

const api = JSON.parse(JSON.stringify(describeApi())) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};

test('a validator of OpenAPI 3.1 accepts the description', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(api);
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('has every operation, with a sentence about it', () => {
  const described = Object.values(api.paths).flatMap((path) => Object.values(path));
  expect(described.map(({ operationId }) => operationId).sort()).toEqual(
    Object.keys(registry).sort(),
  );
  for (const { summary } of described) expect(summary).toMatch(/^[A-Z].*[^.]\.$/);
});

test('no reference leads nowhere, and each named schema is used', () => {
  const text = JSON.stringify(api);
  const references = new Set(
    [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => String(name)),
  );
  expect([...references].sort()).toEqual(Object.keys(api.components.schemas).sort());
});

test('fields of paths are required, filters are not, and both say what they take', () => {
  const get = api.paths['/keys/{source}/{keyId}']?.['get'];
  const required = get?.parameters.map((one) => `${one.in} ${one.name} ${one.required}`);
  expect(required).toEqual([
    ...['path source true', 'path keyId true', 'query limit false', 'query cursor false'],
  ]);
  const findings = api.paths['/findings']?.['get']?.parameters ?? [];
  const schemaOf = (name: string) => findings.find((one) => one.name === name)?.schema;
  expect(schemaOf('owner')).toMatchObject({ type: 'array', items: { type: 'string' } });
  expect(schemaOf('severity')).toMatchObject({ enum: expect.arrayContaining(['critical']) });
  expect(schemaOf('limit')).toMatchObject({ type: 'integer', maximum: 1_000, default: 100 });
});

test('reports say in which forms they come, and changes that they may be repeated', () => {
  const report = api.paths['/sweeps/{id}']?.['get'];
  expect(report?.responses['200']).toMatchObject({
    content: { 'text/csv': {}, 'text/html': {}, 'application/sarif+json': {}, 'text/plain': {} },
    headers: { ETag: {} },
  });
  expect(report?.responses['304']).toBeDefined();
  const post = api.paths['/sweeps']?.['post'];
  expect(post?.parameters.map(({ name }) => name)).toEqual(['Idempotency-Key']);
  expect(post?.requestBody?.required).toBe(false);
  expect(api.paths['/audits']?.['post']?.requestBody?.required).toBe(true);
});

test.each([
  ['post', '/sweeps'],
  ['get', '/sweeps'],
  ['get', '/sweeps/{id}'],
  ['delete', '/sweeps/{id}'],
  ['post', '/sweeps/{id}/release'],
  ['post', '/audits'],
  ['get', '/findings'],
  ['post', '/findings/{fingerprint}/acknowledge'],
  ['get', '/waivers'],
  ['post', '/waivers/{waiver}/approve'],
  ['get', '/keys'],
  ['get', '/keys/{source}/{keyId}'],
  ['get', '/alerts'],
  ['post', '/alerts/{id}/retry'],
  ['post', '/channels/{id}/test'],
  ['post', '/backtests'],
  ['get', '/audit-log'],
  ['get', '/evidence/check'],
  ['get', '/evidence/pack'],
  ['get', '/evidence/summary'],
  ['get', '/evidence/checkpoint'],
])('has a route that programs rely on: %s %s', (method, path) => {
  expect(api.paths[path]?.[method]).toBeDefined();
});
