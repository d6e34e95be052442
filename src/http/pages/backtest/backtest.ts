import { asPage, type PageEntry } from '../page-entry.ts';
import { renderBacktestPage } from './backtest-page.tsx';

/** `/policy/backtests/{id}`: how far a back-test has come, or what it found. */
export const backtestPage: PageEntry = {
  path: '/policy/backtests/:id',
  what: 'backtest',
  async show({ frame, params }, { backtests, config }) {
    const kept = backtests.find(params['id'] ?? '');
    if (kept === undefined) return undefined;
    const known = new Set(config.policy.policy.rules.map(({ id }) => id));
    return asPage(renderBacktestPage(frame, { kept, known }));
  },
};
