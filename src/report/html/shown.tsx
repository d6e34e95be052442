import { shortenText } from '../safe-text.ts';

/** Isolates untrusted text, so that right-to-left text cannot reorder the text around it. */
export function Shown({ text, most = 300 }: { text: string; most?: number }) {
  return <bdi>{shortenText(text, most)}</bdi>;
}

/** Untrusted text as `Shown` renders it, or a dash if it is missing. */
export function ShownOrDash({ text }: { text: string | null | undefined }) {
  return text === undefined || text === null || text === '' ? '–' : <Shown text={text} />;
}

interface KeyCellProps {
  readonly keyId: string;
  readonly source: string;
  readonly name?: string | undefined;
}

/** The key of a row: its name for people, and its id and source for look-ups. */
export function KeyCell({ keyId, source, name }: KeyCellProps) {
  const id = (
    <code>
      <Shown text={keyId} most={600} />
    </code>
  );
  if (name === undefined || name === '') {
    return (
      <th scope="row">
        {id}
        <small>
          in <Shown text={source} />
        </small>
      </th>
    );
  }
  return (
    <th scope="row">
      <Shown text={name} />
      <small>
        {id} in <Shown text={source} />
      </small>
    </th>
  );
}

interface KeyCellProps {
  readonly keyId: string;
  readonly source: string;
  readonly name?: string | undefined;
}
