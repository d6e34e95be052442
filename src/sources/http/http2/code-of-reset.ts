/** The error codes of HTTP/2 by their numbers (RFC 9113, section 7). */
const names = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
];

/** Node's codes for a reset request and for a connection that ended: the number says more. */
const withoutReason = [
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_HTTP2_SESSION_ERROR',
];
const cancel = names.indexOf('CANCEL');

/**
 * The code of a request that ended without an answer. `isOver`: its connection has ended too.
 * Node gives every request on a connection that was lost the number of CANCEL.
 */
export function codeOfReset(reset: number, code: string | undefined, isOver: boolean): string {
  if (code !== undefined && !withoutReason.includes(code)) return code;
  if (isOver && (reset === 0 || reset === cancel)) return 'ECONNRESET';
  return `HTTP2_${names[reset] ?? 'UNKNOWN_ERROR'}`;
}
