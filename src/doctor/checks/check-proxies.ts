import { connectToProxy } from '../../proxy/connect-to-proxy.ts';
import { type ProxyServer, parseProxy } from '../../proxy/proxies.ts';
import { type ProxyFailure, proxyMend } from '../../proxy/proxy-failure.ts';
import type { Examination } from '../examination.ts';
import { broken, type Line, well } from '../line.ts';

const limitMs = 8_000;

/** Connects to each proxy of the environment; without one, there is nothing to say. */
export async function checkProxies({ secrets }: Examination): Promise<readonly Line[]> {
  const { https, http, except } = secrets.proxies;
  const urls = new Set([https, http].filter((url) => url !== undefined));
  const apart = except === '' ? '' : `, except to ${except}`;
  return Promise.all([...urls].map((url) => check(parseProxy(url), apart)));
}

async function check(proxy: ProxyServer, apart: string): Promise<Line> {
  const failure = await connect(proxy);
  const { name } = proxy;
  if (failure === null) return well(name, `requests go through this proxy${apart}`);
  return broken(name, failure.message, proxyMend(failure.code) ?? 'see its log');
}

function connect(proxy: ProxyServer): Promise<ProxyFailure | null> {
  return new Promise((resolve) => {
    connectToProxy(proxy, AbortSignal.timeout(limitMs), (failure, socket) => {
      socket?.destroy();
      resolve(failure);
    });
  });
}
