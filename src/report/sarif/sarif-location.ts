import { shortenText } from '../safe-text.ts';

/**
 * The location of a key. A key has no file, but GitHub shows results only in files. The first line
 * of the configuration stands in, because it shows which keys are audited.
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
