import { Shown } from '../../../report/html/shown.tsx';
import { pathOfKey } from '../paths.ts';

interface KeyLinkProps {
  readonly source: string;
  readonly keyId: string;
  readonly name?: string | null | undefined;
}

/** A key by its name, with its id and source below; by its id, if it has no name. */
export function KeyLink({ source, keyId, name }: KeyLinkProps) {
  const hasName = name !== undefined && name !== null && name !== '';
  return (
    <>
      <a href={pathOfKey({ source, keyId })}>
        {hasName ? <Shown text={name} most={120} /> : <Code text={keyId} />}
      </a>
      <small>
        {hasName ? <Code text={keyId} /> : null} in <Shown text={source} most={80} />
      </small>
    </>
  );
}

function Code({ text }: { text: string }) {
  return (
    <code>
      <Shown text={text} most={200} />
    </code>
  );
}
