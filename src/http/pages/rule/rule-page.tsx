import { Shown } from '../../../report/html/shown.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { withQuery } from '../paths.ts';
import { Markdown } from './markdown.tsx';

export interface RulePageModel {
  readonly name: string;
  /** Markdown; empty for a type that the policy has no rule of by this name. */
  readonly settings: string;
  /** The page of the rule's type, in Markdown. */
  readonly about: string;
}

export function renderRulePage(frame: Frame, { name, settings, about }: RulePageModel): string {
  return renderFramed({
    frame,
    title: `Rule ${name}`,
    current: '/policy',
    children: (
      <>
        <div class="head">
          <p class="kicker">
            <a href="/policy">Policy</a>
          </p>
          <h1>
            The rule <Shown text={name} />
          </h1>
          {settings === '' ? null : (
            <p>
              <a href={withQuery('/findings', { rule: name })}>Its open findings</a>
            </p>
          )}
        </div>
        {settings === '' ? null : (
          <section class="panel prose" aria-label="Settings">
            <Markdown text={settings.replace(/^# .*\n/, '')} />
          </section>
        )}
        <section class="panel prose" aria-label="About rules of this type">
          <Markdown text={about.replace(/^# .*\n/, '')} />
        </section>
      </>
    ),
  });
}
