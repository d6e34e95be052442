import { describe, expect, test } from 'vitest';
import { connectTls } from '../../../src/sources/http/http2/connect-tls.ts';
import { openSession, type Session } from '../../../src/sources/http/http2/open-session.ts';
import { canMakeCertificates } from '../../support/certificates.ts';
import { tlsVendor, withCertificates } from './tls-vendor.ts';

describe.skipIf(!canMakeCertificates())('a session', () => {
  withCertificates();

  test('has no room any more when a request fails because the connection has ended', async () => {
    const vendor = await tlsVendor(() => setImmediate(vendor.breakOff));
    const socket = await connectTls(new URL(vendor.url), undefined, new AbortController().signal);
    const session = await new Promise<Session>((resolve) => {
      const opened = openSession(vendor.url, socket, {
        room: () => resolve(opened),
        over: () => undefined,
      });
    });
    expect(session.hasRoom()).toBe(true);
    const stream = session.request({ ':path': '/' }).on('error', () => undefined);
    const hadRoom = await new Promise((resolve) => {
      stream.once('close', () => resolve(session.hasRoom()));
    });
    session.close();
    expect(hadRoom).toBe(false);
  });
});
