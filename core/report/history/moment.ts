import type { RunEvent } from '../../model/run';

/** When something happened, and the how-manyeth event it was: events of one workflow task share their instant. */
export interface Moment {
  readonly at: string;
  readonly ms: number;
  readonly order: number;
}

export interface DatedEvent {
  readonly event: RunEvent;
  readonly moment: Moment;
}
