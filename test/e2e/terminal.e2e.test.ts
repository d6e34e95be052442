/** @module-tag all */
import { stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { hasTerminal, launchAtTerminal } from './at-terminal.ts';
import { createWorld, freshKey, staleKey } from './world.ts';

test.skipIf(!hasTerminal)(
  'a sweep at a terminal says what it waits for, and what its log channel says after the report',
  async () => {
    const stale = ['key_a', 'key_b'].map((id) => ({ ...staleKey, id }));
    const world = await createWorld({
      fleet: [...stale, freshKey, { ...freshKey, id: 'key_down', fault: '500' }],
      source: { attempts: 3 },
      config: { alerts: { channels: [{ id: 'console', type: 'log' }] } },
    });
    onTestFinished(() => world.close());
    const sweep = launchAtTerminal(world, 'sweep');
    expect(await sweep.ended).toBe(1);

    const lines = stripVTControlCharacters(sweep.shown).split(/[\r\n]+/);
    const waits = /3\/4 keys +1 key is asked again (in \d+ s|now): key_down, HTTP 500$/;
    expect(lines).toContainEqual(expect.stringMatching(waits));
    const lastOfReport = lines.findIndex((line) => /key_down +every rule/.test(line));
    const opened = (id: string) =>
      `alert: opened (high) vendor/${id} stale-45: not used for 80 days`;
    expect(lines.slice(lastOfReport + 1, lastOfReport + 3)).toEqual([
      expect.stringContaining(opened('key_a')),
      expect.stringContaining(opened('key_b')),
    ]);
    expect(lines.filter((line) => line.startsWith('{'))).toEqual([]);
  },
);
