import { shortenText } from '../safe-text.ts';

/** Text of a stranger, which may run in either direction, apart from what stands around it. */
export function Shown({ text, most = 300 }: { text: string; most?: number }) {
  return <bdi>{shortenText(text, most)}</bdi>;
}

/** The same, or a dash where there is none. */
export function ShownOrDash({ text }: { text: string | null | undefined }) {
  return text === undefined || text === null || text === '' ? '–' : <Shown text={text} />;
}

interface KeyCellProps {
  readonly keyId: string;
  readonly source: string;
  readonly name?: string | undefined;
}

/** The key that a row is of: its name for people, its id and source to look it up. */
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
