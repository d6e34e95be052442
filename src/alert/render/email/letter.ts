import type { Severity } from '../../../evaluate/policy/policy.ts';

/** The content of a mail before it becomes text or HTML. Its text is harmless in both. */
export interface Letter {
  readonly subject: string;
  readonly heading: string;
  readonly lines: readonly string[];
  readonly sections: readonly LetterSection[];
  /** Shown at the end, for readers who want to act. */
  readonly notes: readonly string[];
  /** That of the evidence log, which must stay as it is, line for line. */
  readonly checkpoint?: string | undefined;
}

export interface LetterSection {
  readonly title: string;
  readonly entries: readonly LetterEntry[];
}

export interface LetterEntry {
  readonly severity: Severity | null;
  readonly title: string;
  readonly message: string;
  readonly facts: readonly LetterFact[];
}

/** `exact`: an id that readers copy unchanged. */
export interface LetterFact {
  readonly label: string;
  readonly value: string;
  readonly exact?: boolean;
  /** The value is an address of our own. */
  readonly link?: boolean;
}
