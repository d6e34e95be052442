import { shortenText } from '../safe-text.ts';

/**
 * Where a key is. It stands in no file, but GitHub shows only what stands in one: the first line of
 * the configuration is where people find out which keys are audited.
 */
export function sarifLocation(
  artifact: string,
  { source, keyId }: { readonly source: string; readonly keyId: string },
): object {
  const name = shortenText(keyId, 600);
  return {
    physicalLocation: { artifactLocation: { uri: artifact }, region: { startLine: 1 } },
    logicalLocations: [{ name, fullyQualifiedName: `${source}/${name}`, kind: 'resource' }],
  };
}
