import { execFile } from 'node:child_process';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';

const run = promisify(execFile);

/** Whether this machine has what makes certificates. */
export const canMakeCertificates = (): boolean => findProgram('openssl') !== undefined;

/** A certificate and its key, as files in PEM and as texts. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** A private authority, which no system trusts by itself. */
export interface Authority {
  /** Its own certificate. */
  readonly caFile: string;
  readonly ca: string;
  /** Issues a certificate. `names`: `DNS:host` or `IP:address`; `days` below 0: it has expired. */
  issue(terms: IssueTerms): Promise<Certificate>;
  close(): Promise<void>;
}

export interface IssueTerms {
  readonly names: readonly string[];
  readonly commonName?: string;
  readonly days?: number;
  /** A server that runs as another user reads its key. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-certificates-'));
  const at = (name: string) => join(folder, name);
  const openssl = (args: readonly string[]) => run('openssl', [...args], { cwd: folder });
  const usage = ['-addext', 'keyUsage=critical,keyCertSign', '-days', '2'];
  const subject = ['-subj', '/CN=Private test authority'];
  await openssl([
    'req',
    '-x509',
    ...newKey,
    ...usage,
    ...subject,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  ]);
  let issued = 0;
  return {
    caFile: at('ca.pem'),
    ca: await readFile(at('ca.pem'), 'utf8'),
    async issue({ names, commonName = 'server', days = 2, owner }) {
      issued += 1;
      const [key, request, cert] = [`${issued}.key`, `${issued}.csr`, `${issued}.pem`];
      const alternatives = ['-addext', `subjectAltName=${names.join(',')}`];
      const named = ['-subj', `/CN=${commonName}`, ...(names.length === 0 ? [] : alternatives)];
      await openssl(['req', ...newKey, ...named, '-keyout', key, '-out', request]);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
      const copied = ['-copy_extensions', 'copy', '-days', String(days)];
      await openssl(['x509', '-req', '-in', request, ...by, ...copied, '-out', cert]);
      if (owner !== undefined) {
        await chown(folder, owner.uid, owner.gid);
        for (const file of [key, cert, 'ca.pem']) await chown(at(file), owner.uid, owner.gid);
      }
      return {
        certFile: at(cert),
        keyFile: at(key),
        cert: await readFile(at(cert), 'utf8'),
        key: await readFile(at(key), 'utf8'),
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
