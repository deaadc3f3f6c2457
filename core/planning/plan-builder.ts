import type { Phase } from '../model/phase';
import type { PlanStep, RollbackStep, Segment, StepInput } from '../model/plan';
import type { SiteRole } from '../model/site';
import type { StepKind } from '../model/step-kinds';

/** What makes a step, before the builder gives it an id and a segment. */
export interface StepDraft {
  readonly kind: StepKind;
  /** What it acts on, for the id: a workload, volume, record or gate. */
  readonly target?: string;
  readonly title: string;
  readonly site?: SiteRole;
  readonly workload?: string;
  readonly volume?: string;
  readonly record?: string;
  readonly after?: readonly string[];
  readonly input?: StepInput;
}

export interface RollbackDraft extends StepDraft {
  /** Unit of child workflows in a large plan, "undo-stop-1"; the compensations of a segment come before those of the next. */
  readonly segment: string;
  readonly compensates: readonly string[];
  readonly unless?: readonly string[];
  readonly requires?: readonly string[];
}

/**
 * Collects segments and steps. Each segment begins after the barrier of the one before it and ends with a barrier of its own,
 * so that a plan of n steps has O(n) dependencies.
 */
export class PlanBuilder {
  readonly segments: Segment[] = [];
  readonly steps: PlanStep[] = [];
  readonly rollback: RollbackStep[] = [];
  private current: string[] = [];
  private begin: readonly string[] = [];

  constructor(private readonly siteNames: Readonly<Record<SiteRole, string>>) {}

  /** Opens a segment. `after` replaces the default (the barrier of the segment before). */
  segment(phase: Phase, title: string, options: { priority?: number; after?: readonly string[] } = {}): void {
    const id = options.priority === undefined ? phase : `${phase}-${options.priority}`;
    const unique = this.segments.some((segment) => segment.id === id) ? `${id}-${this.segments.length}` : id;
    if (options.after) this.begin = options.after;
    this.segments.push({
      id: unique,
      title,
      phase,
      ...(options.priority !== undefined && { priority: options.priority }),
    });
    this.current = [];
  }

  /** Adds a step that waits for the begin of its segment and for `after`. Returns its id. */
  step(draft: StepDraft): string {
    return this.add(draft, [...this.begin, ...(draft.after ?? [])]);
  }

  /** Adds a step that waits for `after` only. */
  stepAfterOnly(draft: StepDraft & { readonly after: readonly string[] }): string {
    return this.add(draft, draft.after);
  }

  /** Ends the segment. `members`: the steps that the next segment waits for; default all of this one. */
  barrier(members: readonly string[] = this.current): string {
    const segment = this.segment_();
    const dependsOn = [...new Set([...members, ...this.begin])];
    const id = `barrier/${segment.id}`;
    this.steps.push({
      id,
      kind: 'barrier',
      title: `${segment.title}: done`,
      segment: segment.id,
      dependsOn,
      input: {},
    });
    this.begin = [id];
    return id;
  }

  /** Adds a compensation; order and requirements name other compensations. Returns its id. */
  compensation(draft: RollbackDraft): string {
    const requires = draft.requires ?? [];
    const step: RollbackStep = {
      ...this.body(draft, draft.segment),
      dependsOn: [...new Set([...(draft.after ?? []), ...requires])],
      compensates: draft.compensates,
      unless: draft.unless ?? [],
      requires,
    };
    this.rollback.push(step);
    return step.id;
  }

  private add(draft: StepDraft, dependsOn: readonly string[]): string {
    const step: PlanStep = { ...this.body(draft, this.segment_().id), dependsOn: [...new Set(dependsOn)] };
    this.steps.push(step);
    this.current.push(step.id);
    return step.id;
  }

  private body(draft: StepDraft | RollbackDraft, segment: string): PlanStep {
    const { kind, title, site, workload, volume, record } = draft;
    const place = site ? `@${this.siteNames[site]}` : '';
    const base = draft.target || place ? `${kind}/${draft.target ?? ''}${place}` : kind;
    return {
      id: this.unused('compensates' in draft ? `undo/${base}` : base),
      kind,
      title,
      segment,
      ...(site && { site }),
      ...(workload !== undefined && { workload }),
      ...(volume !== undefined && { volume }),
      ...(record !== undefined && { record }),
      dependsOn: [],
      input: draft.input ?? {},
    };
  }

  private readonly taken = new Set<string>();

  private unused(id: string): string {
    let free = id;
    for (let n = 2; this.taken.has(free); n += 1) free = `${id}#${n}`;
    this.taken.add(free);
    return free;
  }

  private segment_(): Segment {
    const segment = this.segments.at(-1);
    if (!segment) throw new Error('a step needs a segment');
    return segment;
  }
}
