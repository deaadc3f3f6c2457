import type { Readiness, ReadinessState } from '../../../core/model/readiness';
import type { ReasonCode } from '../../../core/model/readiness-codes';

/** Something that is made another than plans expect it. */
export interface Drift<Lab> {
  readonly name: string;
  /** Returns what makes it as it was. */
  readonly seed: (lab: Lab) => Promise<() => Promise<unknown>>;
  readonly state: ReadinessState;
  readonly code: ReasonCode;
  /** What the reason is about, and what was seen: both are looked for in subject and what. */
  readonly names: string;
  /** What to do names it. */
  readonly doThis: string;
}

/** One evaluation of a group with the drift: found by name, with what to do, and nothing is found once it is gone. */
export async function expectFound<Lab>(lab: Lab, drift: Drift<Lab>, evaluate: () => Promise<Readiness>): Promise<void> {
  const undo = await drift.seed(lab);
  try {
    const found = await evaluate();
    const { code, state, names, doThis } = drift;
    const reason = found.reasons.find((one) => one.code === code && `${one.subject} ${one.what}`.includes(names));
    expect({ state: found.state, reason, all: reason ? [] : found.reasons }).toEqual({
      state,
      reason: expect.objectContaining({ code, doThis: expect.stringContaining(doThis) }),
      all: [],
    });
  } finally {
    await undo();
  }
}
