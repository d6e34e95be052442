import type { OperationName } from '../../../operations/index.ts';
import type { FormFields } from '../forms/form-fields.ts';
import type { Frame } from '../layout/page.tsx';
import type { PageReads } from '../page-entry.ts';

/** A form that somebody sent. */
export interface ActionRequest {
  readonly frame: Frame;
  readonly form: FormFields;
}

/** Where the browser goes on, or a page with what came of it that cannot be shown again. */
export type ActionAnswer =
  | { readonly kind: 'go'; readonly to: string }
  | { readonly kind: 'page'; readonly html: string };

/** What a form does, by its path under `/actions`. Operators only. */
export interface ActionEntry {
  readonly path: string;
  /** The operation that it asks for, and whose access it needs. */
  readonly what: OperationName;
  run(request: ActionRequest, reads: PageReads): Promise<ActionAnswer>;
}
