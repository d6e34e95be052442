import type { ServerWords } from './unreachable-server.ts';

/** What is wrong with TLS to a server, by the code of the failure; undefined for another failure. */
export function describeTlsFailure(code: string): ServerWords | undefined {
  if (code === 'CERT_HAS_EXPIRED') {
    return [`has a certificate that has expired (${code})`, 'renew it, or check the clock here'];
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return [`has a certificate that is not valid yet (${code})`, 'check the clock here and there'];
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [`has a certificate for another name (${code})`, otherName];
  if (isUnknownAuthority(code)) {
    return [`has a certificate of an authority that is not known here (${code})`, addAuthority];
  }
  if (/^(CERT_|INVALID_(CA|PURPOSE)$)/.test(code)) {
    return [`has a certificate that cannot be trusted (${code})`, 'renew it'];
  }
  return handshake.test(code) ? [`cannot set up TLS (${code})`, checkPort] : undefined;
}

/** Whether TLS failed because of a certificate, and not before one was seen. */
export function isCertificateFailure(code: string): boolean {
  return isUnknownAuthority(code) || /^(CERT_|INVALID_|ERR_TLS_CERT_)/.test(code);
}

export function isUnknownAuthority(code: string): boolean {
  return unknownAuthority.test(code);
}

const unknownAuthority = /^(UNABLE_TO_(VERIFY|GET)_|SELF_SIGNED_CERT_|DEPTH_ZERO_|CERT_UNTRUSTED$)/;
const handshake = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

const addAuthority =
  'set NODE_EXTRA_CA_CERTS to a file with the certificate of this authority (PEM)';
const otherName = 'use a host name that the certificate holds, or renew it with this name';
const checkPort = 'check that the server speaks TLS at this port, and which versions';
