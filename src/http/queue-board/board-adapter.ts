import type {
  AppControllerRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';

/** What bull-board hands to the server that it runs in. */
export interface GivenBoard {
  queues: BullBoardQueues;
  /** The routes that read; the others are not among them. */
  routes: readonly { readonly path: string; readonly handler: AppControllerRoute['handler'] }[];
  /** Paths of the page, below that of the board. */
  pagePaths: readonly string[];
  uiConfig: UIConfig;
  /** Folders. */
  templates: string;
  files: string;
}

/**
 * Takes what bull-board hands over. Its own adapter for Hono answers the routes that change the queue
 * too, and finds its files only from the folder that the process was started in.
 */
export function createBoardAdapter(): { adapter: IServerAdapter; given: GivenBoard } {
  const given: GivenBoard = {
    ...{ queues: new Map(), routes: [], pagePaths: [], uiConfig: {}, templates: '', files: '' },
  };
  const adapter: IServerAdapter = {
    setQueues: (queues) => take({ queues }),
    setViewsPath: (templates) => take({ templates }),
    setStaticPath: (_route, files) => take({ files }),
    setEntryRoute: ({ route }) => take({ pagePaths: [route].flat() }),
    // Failures go to the server's own answer.
    setErrorHandler: () => adapter,
    setApiRoutes: (routes) => take({ routes: routes.flatMap(readingPaths) }),
    setUIConfig: (uiConfig) => take({ uiConfig }),
  };
  const take = (some: Partial<GivenBoard>) => {
    Object.assign(given, some);
    return adapter;
  };
  return { adapter, given };
}

function readingPaths({ method, route, handler }: AppControllerRoute) {
  if (![method].flat().every((one) => one === 'get')) return [];
  return [route].flat().map((path) => ({ path, handler }));
}
