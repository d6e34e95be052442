import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogFormatError } from '../evidence/log/log-format-error.ts';
import { parseWitnessRequest, type ReadWitnessRequest } from '../evidence/log/witness-request.ts';
import { type Cosigner, type CosignerOptions, openCosigner } from './open-cosigner.ts';
import { StateUnusable } from './state-unusable.ts';

export interface WitnessOptions extends CosignerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Prints what happened to a checkpoint of a known log. */
  readonly say: (line: string) => void;
  /** Called once: nothing can be cosigned any more, so the witness should be closed. */
  readonly onFailure: (error: StateUnusable) => void;
  /** How long requests in hand may take when the witness closes. */
  readonly graceMs?: number;
}

export interface Witness {
  readonly port: number;
  close(): Promise<void>;
}

/** Room for a checkpoint with many signatures of any kind. */
const mostBytes = 256 * 1024;

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** Opens a witness of C2SP tlog-witness, which serves `POST /add-checkpoint`. */
export async function createWitness(options: WitnessOptions): Promise<Witness> {
  const cosigner = await openCosigner(options);
  const begun = cosigner.count() === 0 ? 'it has cosigned nothing yet' : 'found it';
  options.say(`keeps its state in ${options.stateFile}: ${begun}`);
  let isClosing = false;
  const server = createServer((request, response) => {
    void answer(request, cosigner, options)
      .catch((error: unknown) => failureReply(error, options))
      .then((reply) => send(response, reply, isClosing));
  });
  server.requestTimeout = 20_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 200;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
  } catch (error) {
    await cosigner.close();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), options.graceMs ?? 3_000);
      await closed;
      clearTimeout(cut);
      await cosigner.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  cosigner: Cosigner,
  options: WitnessOptions,
): Promise<Reply> {
  const path = request.url?.split('?')[0] ?? '';
  if (path !== '/add-checkpoint') return latestCheckpoint(request, path, cosigner, options);
  if (request.method !== 'POST') return words(405, 'use POST');
  const body = await readBody(request);
  if (body === 'cut') return words(400, 'the request broke off');
  if (body === 'long') return words(413, `a request has at most ${mostBytes} bytes`);
  const read = readRequest(body);
  if (typeof read === 'string') return words(400, read);
  return addCheckpoint(read, cosigner, options);
}

function readRequest(body: Buffer): ReadWitnessRequest | string {
  try {
    return parseWitnessRequest(body);
  } catch (error) {
    if (error instanceof LogFormatError) return error.message;
    throw error;
  }
}

async function addCheckpoint(
  request: ReadWitnessRequest,
  cosigner: Cosigner,
  { say }: WitnessOptions,
): Promise<Reply> {
  const { origin, size, root } = request.says;
  const found = await cosigner.cosign(request);
  switch (found.kind) {
    case 'cosigned':
      say(`cosigned ${origin} with ${size} leaves`);
      return { status: 200, body: found.line };
    case 'conflict':
      return { status: 409, body: `${found.size}\n`, type: 'text/x.tlog.size' };
    case 'refuse':
      // Strangers must not fill the log; a log that signed this may have two histories.
      if (found.status === 422) {
        const what = `${origin} with ${size} leaves and the root ${root.toString('base64')}`;
        say(`refused ${what}: ${found.why}`);
      }
      return words(found.status, found.why);
  }
}

/** `GET /HASH/checkpoint`, for monitors; the hash is the SHA-256 of the origin, in hex. */
function latestCheckpoint(
  { method }: IncomingMessage,
  path: string,
  cosigner: Cosigner,
  { logs }: WitnessOptions,
): Reply {
  const asked = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  if (asked === undefined) return words(404, 'a witness has /add-checkpoint only');
  if (method !== 'GET') return words(405, 'use GET');
  const log = logs.find(({ name }) => hash('sha256', name) === asked);
  const body = log && cosigner.latest(log.name);
  return body === undefined
    ? words(404, 'this witness has cosigned nothing of this log')
    : { status: 200, body };
}

function failureReply(error: unknown, { onFailure, say }: WitnessOptions): Reply {
  if (error instanceof StateUnusable) onFailure(error);
  const { code, name } = error as NodeJS.ErrnoException;
  say(`cosigned nothing (${code ?? name})`);
  return words(503, 'the witness cannot cosign now');
}

function words(status: number, why: string): Reply {
  return { status, body: `${why}\n` };
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'long' | 'cut'> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    // What is not read must not end the connection before the answer is sent.
    for await (const piece of request.iterator({ destroyOnReturn: false })) {
      bytes += (piece as Buffer).length;
      if (bytes > mostBytes) return 'long';
      pieces.push(piece as Buffer);
    }
  } catch {
    return 'cut';
  }
  return Buffer.concat(pieces);
}

function send(response: ServerResponse, { status, body, type }: Reply, isClosing: boolean): void {
  response.writeHead(status, {
    'Content-Type': type ?? 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    ...(isClosing || status === 413 ? { Connection: 'close' } : {}),
    ...(status === 405 ? { Allow: body.startsWith('use POST') ? 'POST' : 'GET' } : {}),
  });
  response.end(body);
}
