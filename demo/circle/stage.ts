import type { Session } from '../../cli/temporal/session';
import type { Line } from '../../cli/terminal/line';
import type { Screen } from '../screen/screen';
import type { Acknowledgement } from '../shop/acknowledgement';

/** What operations are performed with. */
export interface Stage {
  readonly session: Session;
  readonly screen: Screen;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly signal: AbortSignal;
  /** What customers see now, for below the tree of a run. */
  readonly customersLine: () => Line;
}
