/**
 * C2SP tlog-cosignature, version 1 (Ed25519, signature type 4). A witness signs the time and the text
 * of the checkpoint; the signature is the time in 64 bits and 64 bytes of Ed25519.
 */

const mostSeconds = 8.64e12;

/** What a witness signs. `atSeconds` counts from 1970. */
export function cosignedMessage(checkpointText: string, atSeconds: number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${atSeconds}\n${checkpointText}`);
}

export function cosignatureBytes(atSeconds: number, signature: Uint8Array): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(atSeconds));
  return Buffer.concat([time, signature]);
}

/** Undefined for bytes that are no such signature, or of a time that no date has. */
export function splitCosignature(bytes: Buffer) {
  if (bytes.length !== 72) return undefined;
  const atSeconds = Number(bytes.readBigUInt64BE());
  if (atSeconds > mostSeconds) return undefined;
  return { atSeconds, bytes: bytes.subarray(8) };
}
