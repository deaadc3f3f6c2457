import type { PlanStep } from '../model/plan';
import { inTopologicalOrder } from '../planning/critical-path';

/** The steps in waves: those of one depend on none of the same or a later one, so that several people may do them at once. */
export function wavesOf<Step extends PlanStep>(steps: readonly Step[]): readonly (readonly Step[])[] {
  const waveOf = new Map<string, number>();
  const waves: Step[][] = [];
  for (const step of inTopologicalOrder(steps)) {
    const wave = Math.max(0, ...step.dependsOn.map((id) => (waveOf.get(id) ?? -1) + 1));
    waveOf.set(step.id, wave);
    (waves[wave] ??= []).push(step);
  }
  return waves;
}
