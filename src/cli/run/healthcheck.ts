import { get } from 'node:http';
import { loadConfig } from '../config/load-config.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

const timeoutMs = 5_000;
const noHttp =
  'the configuration has no http section, so no server answers: add http: { port: 8080 }';
const anyPort =
  'http.port is 0, which takes any free port: set a number, so that healthcheck knows the port';

/** Where to ask a server that listens at all addresses. */
const anyAddress: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * `keysweep healthcheck`: 0 when the running keysweep says that it is well, else 1. Fails where the
 * configuration does not say where to ask.
 */
export async function runHealthcheck(
  terminal: Terminal,
  options: { readonly config?: string },
): Promise<ExitCode> {
  const { config } = await loadConfig(terminal, options.config, { quiet: true });
  if (config.http === undefined) throw new CommandFailed(noHttp);
  if (config.http.port === 0) throw new CommandFailed(anyPort);
  const { host, port } = config.http;
  const status = await ask(anyAddress[host] ?? host, port);
  terminal.stdout.write(`${status === 200 ? 'healthy' : `unhealthy (${status})`}\n`);
  return status === 200 ? 0 : 1;
}

function ask(host: string, port: number): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = get({ host, port, path: '/healthz', timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 'no status');
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'no answer'));
  });
}
