/** Views remembered; a form is open for minutes, so older ones are long closed. */
const MOST_VIEWS = 1000;

/** A change of a form, as its payload tells. */
export interface Change {
  readonly viewId: string;
  /** Slack's `action_ts`: when the person made the change. */
  readonly at: string;
  /** The version of the view that the person saw. */
  readonly hash: string;
}

interface ViewTurn {
  newest: number;
  last: Promise<void>;
  /** Which version of ours replaced which. */
  readonly replaced: Map<string, string>;
}

/**
 * Brings the updates of each form in the order of its changes. Someone who changes two fields
 * quickly sends the second before the first has been answered: its payload knows both changes but
 * an old hash, so that Slack would refuse the only update that is right (F13).
 */
export function createViewTurns(): (
  change: Change,
  update: (hash: string) => Promise<string>,
) => Promise<void> {
  const views = new Map<string, ViewTurn>();
  return async (change, update) => {
    const view = views.get(change.viewId) ?? {
      newest: 0,
      last: Promise.resolve(),
      replaced: new Map<string, string>(),
    };
    forgetOldest(views);
    views.set(change.viewId, view);
    view.newest = Math.max(view.newest, Number(change.at));
    const turn = view.last.then(async () => {
      // A newer change waits behind this one and shows both.
      if (Number(change.at) < view.newest) return;
      const hash = newestOf(change.hash, view.replaced);
      view.replaced.set(hash, await update(hash));
    });
    view.last = turn.catch(() => undefined);
    await turn;
  };
}

function newestOf(hash: string, replaced: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let newest = hash;
  for (let next = replaced.get(newest); next !== undefined; next = replaced.get(newest)) {
    if (seen.has(next)) break;
    seen.add(next);
    newest = next;
  }
  return newest;
}

function forgetOldest(views: Map<string, ViewTurn>): void {
  const [oldest] = views.keys();
  if (views.size >= MOST_VIEWS && oldest !== undefined) views.delete(oldest);
}
