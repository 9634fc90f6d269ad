/**
 * Wakes a worker for a run. A lost or doubled wake-up does no harm: the claim decides. `epoch` and
 * `generation` make the queue's job id new, because the queue drops an id that it still remembers.
 */
export type Enqueue = (wakeUp: {
  readonly runId: number;
  readonly epoch: number;
  readonly generation: number;
}) => Promise<void>;
