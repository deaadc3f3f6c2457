import type { AttestedDrill, DrillRecord, HeldDrill, ProtectionState } from '../model/protection';
import { RUNS_KEPT } from './protection-rules';

/** So many that wait are named; the rest is counted. The state of a group travels whole, and must not grow without end. */
export const MOST_NAMED = 200;

const none: DrillRecord = { passed: 0, failed: 0, unattested: [], more: 0, attested: [] };

/** A drill was held, and waits for somebody to attest it. One that is named counts once, however often it is heard. */
function drillHeld(state: ProtectionState, drill: HeldDrill): ProtectionState {
  const { drills = none } = state;
  const { unattested, attested, more } = drills;
  if ([...unattested, ...attested].some(({ runId }) => runId === drill.runId)) return state;
  const counted = unattested.length < MOST_NAMED ? { unattested: [...unattested, drill] } : { more: more + 1 };
  return { ...state, drills: { ...drills, ...counted } };
}

/** A drill was attested. Heard twice, it counts once. */
function drillAttested(state: ProtectionState, drill: AttestedDrill): ProtectionState {
  const { drills = none } = state;
  const { unattested, more, attested } = drills;
  const { verdict } = drill;
  if (attested.some(({ runId }) => runId === drill.runId)) return state;
  const named = unattested.some(({ runId }) => runId === drill.runId);
  return {
    ...state,
    drills: {
      ...drills,
      [verdict]: drills[verdict] + 1,
      unattested: unattested.filter(({ runId }) => runId !== drill.runId),
      more: named ? more : Math.max(0, more - 1),
      attested: [drill, ...attested].slice(0, RUNS_KEPT),
    },
  };
}

export const drillNoted = (state: ProtectionState, drill: HeldDrill | AttestedDrill): ProtectionState =>
  'verdict' in drill ? drillAttested(state, drill) : drillHeld(state, drill);

/** How many wait for somebody. */
export const unattestedCount = ({ unattested, more }: DrillRecord): number => unattested.length + more;

/** "12 held: 9 passed, 1 failed, 2 not attested" */
export function drillCounts(drills: DrillRecord): string {
  const waiting = unattestedCount(drills);
  const { passed, failed } = drills;
  return `${passed + failed + waiting} held: ${passed} passed, ${failed} failed, ${waiting} not attested`;
}

/** What people said of the run, behind its verdict: ", attested as passed by ana@example.com"; "" of what is no drill. */
export function attestedAs(drills: DrillRecord | undefined, run: string): string {
  const said = drills?.attested.find(({ runId }) => runId === run);
  if (said) return `, attested as ${said.verdict} by ${said.by}${said.keyId === undefined ? '' : ' (signed)'}`;
  return drills?.unattested.some(({ runId }) => runId === run) ? ', not attested' : '';
}
