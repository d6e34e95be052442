import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import { Ago, Instant } from '../parts/times.tsx';
import { withQuery } from '../paths.ts';
import type { KeyModel } from './key-model.ts';

/** What the vendor and the inventory say of the key. */
export function FactsPanel({ model: { facts, now } }: { model: KeyModel }) {
  const { details, owner, environment, source, tags } = facts;
  return (
    <section class="panel half" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl class="facts">
        <dt>Source</dt>
        <dd>
          <a href={withQuery('/keys', { source })}>
            <Shown text={source} />
          </a>
        </dd>
        <dt>Type</dt>
        <dd>
          <ShownOrDash text={details.type} />
        </dd>
        <dt>Ends in</dt>
        <dd>
          <ShownOrDash text={details.lastFour} />
        </dd>
        <dt>Created</dt>
        <dd>
          <At at={details.createdOn} none="not known" now={now} />
        </dd>
        <dt>Last used</dt>
        <dd>
          <At at={details.lastUsed} none="not known" now={now} />
        </dd>
        <dt>Owner</dt>
        <dd>
          <Named query="owner" text={owner} />
        </dd>
        <dt>Environment</dt>
        <dd>
          <Named query="environment" text={environment} />
        </dd>
        <dt>Tags</dt>
        <dd>{tags.length === 0 ? '–' : tags.map((tag) => <Tag text={tag} />)}</dd>
        <dt>Tracked since</dt>
        <dd>{facts.trackedAt === null ? 'the next sweep' : <Instant at={facts.trackedAt} />}</dd>
        <dt>Last answer</dt>
        <dd>
          <At at={facts.observedAt ?? undefined} none="none yet" now={now} />
        </dd>
      </dl>
    </section>
  );
}

function At({ at, none, now }: { at: Date | null | undefined; none: string; now: Date }) {
  if (at === undefined) return <>{none}</>;
  if (at === null) return <>never</>;
  return (
    <>
      <Instant at={at} /> (<Ago at={at} now={now} />)
    </>
  );
}

function Named({ query, text }: { query: string; text: string | null }) {
  if (text === null) return <>–</>;
  return (
    <a href={withQuery('/keys', { [query]: text })}>
      <Shown text={text} />
    </a>
  );
}

function Tag({ text }: { text: string }) {
  return (
    <a class="tag" href={withQuery('/keys', { tag: text })}>
      <Shown text={text} most={80} />
    </a>
  );
}
