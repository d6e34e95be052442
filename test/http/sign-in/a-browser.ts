import { Agent, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Answered } from '../a-site.ts';

export interface Visit {
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser with cookies, which follows no redirect by itself. */
export interface Browser {
  readonly cookies: Map<string, string>;
  /** What the last answer said of each cookie, as the server wrote it. */
  readonly written: string[];
  visit(path: string, visit?: Visit): Promise<Answered>;
}

export function openBrowser(port: number, host = `127.0.0.1:${port}`): Browser {
  const cookies = new Map<string, string>();
  const written: string[] = [];
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const note = (lines: readonly string[]) => {
    written.splice(0, written.length, ...lines);
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
  };
  return {
    cookies,
    written,
    visit: (path, { form, headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const body = form && new URLSearchParams(form).toString();
        const asked = request(
          {
            ...{ host: '127.0.0.1', port, path, agent, method: form ? 'POST' : 'GET' },
            headers: {
              ...{ host, accept: 'text/html,*/*;q=0.8' },
              ...(cookie === '' ? {} : { cookie }),
              ...(form && {
                origin: `http://${host}`,
                'content-type': 'application/x-www-form-urlencoded',
              }),
              ...headers,
            },
          },
          (answer) => {
            let text = '';
            answer.setEncoding('utf8').on('data', (piece: string) => {
              text += piece;
            });
            answer.on('error', reject);
            answer.on('end', () => {
              note(answer.headers['set-cookie'] ?? []);
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
            });
          },
        );
        asked.on('error', reject);
        asked.end(body);
      }),
  };
}

/** What the forms of a page carry. */
export function formTokenIn({ text }: Answered): string {
  return /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? '';
}
