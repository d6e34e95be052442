import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { canMakeCertificates, createAuthority } from '../support/certificates.ts';
import { openProxy } from '../support/proxy-server.ts';
import { launch } from './command.ts';

const token = 'token-of-the-test';

test.skipIf(!canMakeCertificates())(
  'a server with a certificate of a private authority is asked through a proxy',
  { tags: ['all'] },
  async () => {
    const authority = await createAuthority();
    onTestFinished(() => authority.close());
    const { cert, key } = await authority.issue({ names: ['DNS:keysweep.test'] });
    const asked: (string | undefined)[] = [];
    const server = createServer({ cert, key }, ({ headers, url }, response) => {
      asked.push(`${url} ${headers.authorization}`);
      response.end('{"items":[],"next":null}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const proxy = await openProxy({ knows: { 'keysweep.test': port } });
    onTestFinished(() => proxy.close());
    const args = ['sweeps', 'list', '--server', 'https://keysweep.test'];
    const env = { HTTPS_PROXY: proxy.url, KEYSWEEP_TOKEN: token };

    const trusting = launch(args, { ...env, NODE_EXTRA_CA_CERTS: authority.caFile });
    expect(await trusting.ended).toMatchObject({ code: 0, stdout: 'No sweeps.\n', stderr: '' });
    expect(asked).toEqual([`/api/v1/sweeps?limit=100 Bearer ${token}`]);
    expect(JSON.stringify([proxy.asked, proxy.headers])).not.toContain(token);

    const wary = await launch(args, env).ended;
    expect(wary).toMatchObject({ code: 2, stdout: '' });
    expect(wary.stderr).toMatch(
      /^keysweep: the server at https:\/\/keysweep\.test has a certificate of an authority.*NODE_EXTRA_CA_CERTS.*\n$/,
    );
    expect(asked).toHaveLength(1);
  },
);
