import { describe, expect, test } from 'vitest';
import {
  type KeyDetails,
  mapAlertedDetails,
  noDetails,
  pickDetails,
  readDetailsJson,
  toAlertedDetails,
  toDetailsJson,
} from '../../src/keys/detail-fields.ts';

const whole: KeyDetails = {
  name: 'Billing',
  type: 'secret',
  scopes: ['a', 'b'],
  createdOn: new Date('2026-01-02T03:04:05.678Z'),
  lastUsed: new Date('2026-02-02T03:04:05.678Z'),
  lastFour: '51c0',
};

describe('details in JSON', () => {
  test('come back as they were', () => {
    for (const details of [whole, { ...whole, lastUsed: null }, noDetails]) {
      expect(readDetailsJson(JSON.parse(JSON.stringify(toDetailsJson(details))))).toStrictEqual(
        details,
      );
    }
  });

  test('keep their order: reports are compared byte by byte', () => {
    const shuffled = Object.fromEntries(Object.entries({ verdict: 'pass', ...whole }).reverse());
    expect(JSON.stringify(pickDetails(shuffled as unknown as KeyDetails))).toBe(
      '{"name":"Billing","type":"secret","scopes":["a","b"],"createdOn":"2026-01-02T03:04:05.678Z",' +
        '"lastUsed":"2026-02-02T03:04:05.678Z","lastFour":"51c0"}',
    );
  });

  test('an instant that is none is left out', () => {
    expect(toDetailsJson({ ...noDetails, createdOn: new Date('x') })).toEqual({});
  });
});

describe('details in an alert', () => {
  test('are null where the vendor stated none', () => {
    expect(toAlertedDetails({ name: 'Billing', type: undefined })).toEqual({
      keyName: 'Billing',
      keyType: null,
      lastFour: null,
    });
  });

  test('are changed text by text', () => {
    const alerted = { ...toAlertedDetails({ name: 'a', lastFour: 'b' }), owner: 'c' };
    expect(mapAlertedDetails(alerted, (text) => `${text}${text}`)).toEqual({
      keyName: 'aa',
      keyType: null,
      lastFour: 'bb',
    });
  });
});
