import type { Severity } from '../../../evaluate/policy/policy.ts';

/** What a mail says, before it is text or HTML. All its words are harmless in either. */
export interface Letter {
  readonly subject: string;
  readonly heading: string;
  readonly lines: readonly string[];
  readonly sections: readonly LetterSection[];
  /** At the end, for readers who want to act on it. */
  readonly notes: readonly string[];
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

/** `exact`: an id, to be copied as it is. */
export interface LetterFact {
  readonly label: string;
  readonly value: string;
  readonly exact?: boolean;
}
