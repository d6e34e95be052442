import { permits } from '../../../options/roles.ts';
import { Shown } from '../../../report/html/shown.tsx';
import type { Frame } from '../layout/page.tsx';
import { OwnForm } from './own-form.tsx';

interface ActionButtonProps {
  readonly frame: Frame;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly words: string;
  /** Whom the words are about, where a page has several buttons with the same. */
  readonly to?: string;
}

/** A form of one button. Nothing for callers who may not change anything. */
export function ActionButton({ frame, action, fields, words, to }: ActionButtonProps) {
  if (!mayChange(frame)) return null;
  return (
    <OwnForm action={action} token={frame.formToken}>
      <PageField frame={frame} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit">
        {words}
        {to === undefined ? null : (
          <span class="aloud">
            {' '}
            to <Shown text={to} most={80} />
          </span>
        )}
      </button>
    </OwnForm>
  );
}

/** Whether whoever sees the page may change something. */
export function mayChange({ caller }: Frame): boolean {
  return caller !== undefined && permits(caller.role, 'write');
}

/** Which page a form stood on, so that a form that is sent twice is done once. */
export function PageField({ frame }: { frame: Frame }) {
  return <input type="hidden" name="page" value={frame.at.toISOString()} />;
}
