import { expect, test } from 'vitest';
import { z } from 'zod';
import { byType } from '../../src/options/by-type.ts';
import { readSourceConfig, sourceSchema } from '../../src/sources/source-schema.ts';
import { describeVendor, documentedTypesOf } from '../../src/sources/vendors.ts';

const schemaOf = (type: string) => z.strictObject({ type: z.literal(type) });
const source = { id: 'prod', type: 'flexcharge', appKey: 'key', appSecret: 'secret' };
const read = (difference: object) =>
  readSourceConfig(sourceSchema.parse({ ...source, ...difference }));

test('a type that is alone stands for itself, several are told apart by their type', () => {
  const only = schemaOf('one');
  expect(byType([only])).toBe(only);
  const several = byType([only, schemaOf('two')]);
  expect(several.parse({ type: 'two' })).toEqual({ type: 'two' });
  expect(several.safeParse({ type: 'three' }).error?.issues).toMatchObject([
    { path: ['type'], message: 'must be one of one, two' },
  ]);
});

test('an environment stands for the documented host, and a base URL goes before it', () => {
  for (const [environment, url] of Object.entries(describeVendor('flexcharge').hosts)) {
    expect(read({ environment }).baseUrl).toBe(url);
    expect(read({ environment, baseUrl: 'http://here/v1//' }).baseUrl).toBe('http://here/v1');
  }
});

test('a source keeps no secret, and knows the types of keys that its vendor documents', () => {
  const config = read({ environment: 'sandbox' });
  expect(JSON.stringify(config)).not.toMatch(/app|secret/i);
  expect(documentedTypesOf([config, config])).toEqual(describeVendor('flexcharge').documentedTypes);
});
