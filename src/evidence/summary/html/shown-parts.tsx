import { bundlePath, fullWidth } from '../../log/tiles.ts';
import { objectPath } from '../../pack-files/pack-paths.ts';
import { stableText } from '../stable-text.ts';

/** Isolates untrusted text, so that right-to-left text cannot reorder the text around it. */
export function Text({ text }: { readonly text: string }) {
  return <bdi>{stableText(text)}</bdi>;
}

interface KeyNameProps {
  readonly source: string;
  readonly keyId: string;
}

export function KeyName({ source, keyId }: KeyNameProps) {
  return (
    <th scope="row">
      <code>
        <Text text={keyId} />
      </code>
      <small>
        in <Text text={source} />
      </small>
    </th>
  );
}

/** What a page leaves out of a long list; nothing where it has all. */
export function MoreInCsv({ more }: { readonly more: number }) {
  if (more <= 0) return null;
  return (
    <p>
      {more} more are in <a href="summary.csv">summary.csv</a>.
    </p>
  );
}

interface LeafLinkProps {
  readonly n: number;
  /** Of the log. */
  readonly size: number;
}

/** A leaf by its number, with the file of the pack that has its entry. */
export function LeafLink({ n, size }: LeafLinkProps) {
  const index = Math.floor(n / fullWidth);
  const width = Math.min(fullWidth, size - index * fullWidth);
  return <a href={bundlePath({ index, width })}>leaf&nbsp;{n}</a>;
}

const mostLinks = 5;

export function LeafLinks({
  leaves,
  size,
}: {
  readonly leaves: readonly number[];
  readonly size: number;
}) {
  if (leaves.length === 0) return <>–</>;
  const more = leaves.length - mostLinks;
  return (
    <>
      {leaves.slice(0, mostLinks).map((n, at) => (
        <>
          {at === 0 ? null : ', '}
          <LeafLink n={n} size={size} />
        </>
      ))}
      {more > 0 ? ` and ${more} more` : null}
    </>
  );
}

export function ObjectLink({ hash }: { readonly hash: string }) {
  return (
    <a href={objectPath(hash)}>
      <code>{hash}</code>
    </a>
  );
}
