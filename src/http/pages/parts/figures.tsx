interface FigureProps {
  /** A verdict, or `none`. */
  readonly tone: string;
  readonly value: number;
  readonly name: string;
  readonly words: string;
  readonly href: string;
}

/** A large number that leads to what it counts. */
export function Figure({ tone, value, name, words, href }: FigureProps) {
  return (
    <li class={`is-${tone}`}>
      <a href={href}>
        <b>{renderNumber(value)}</b>
        <span>
          <strong>{name}</strong>: {words}
        </span>
      </a>
    </li>
  );
}

/** `12,345`. */
export function renderNumber(value: number): string {
  return value.toLocaleString('en-US');
}
