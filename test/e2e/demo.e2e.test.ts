import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, type Running } from './command.ts';

let demo: Running;
let address = '';

beforeAll(async () => {
  demo = launch(['demo', '--no-color'], {});
  await demo.says('The demo keeps running');
  address = /The dashboard is at (\S+)/.exec(demo.stderr)?.[1] ?? '';
});

afterAll(async () => {
  demo?.child.kill('SIGKILL');
});

async function ask(path: string) {
  const reply = await fetch(new URL(path, address));
  const json = (await reply.json()) as { items: { simulated?: true }[] };
  return { status: reply.status, json };
}

test('the demo prints a genuine report, and where its dashboard is', () => {
  expect(demo.stderr).toContain('The store holds 60 simulated nights of these keys');
  expect(demo.stdout.split('\n')[0]).toBe('55 of 58 audited, 3 unknown');
  expect(demo.stdout).not.toMatch(/simulated/i);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
});

test('its server shows the simulated nights as such to everybody on this machine', async () => {
  const { status, json } = await ask('api/v1/sweeps?limit=100');
  expect(status).toBe(200);
  const marks = json.items.map(({ simulated }) => simulated === true);
  expect(marks).toEqual([false, ...Array.from({ length: 59 }, () => true)]);
});

test('it ends when it is asked to', async () => {
  expect((await demo.end('SIGINT')).code).toBe(0);
});
