import { operationTraits } from '../core/model/operation';
import type { RecoveryPlan } from '../core/model/plan';
import { peerRole, type SiteRole } from '../core/model/site';
import type { WorkloadSpec } from '../core/model/workload';
import type { JournalEntry } from '../drivers/memory/memory-journal';
import { roles, type Lab } from './lab';

interface VolumeMark {
  readonly role: string;
  readonly epoch: number;
}

/** An invariant of the design does not hold. */
export class BrokenInvariant extends Error {
  constructor(
    readonly code: 'TwoActive' | 'UnprovenData' | 'NewerDataLost' | 'UnhealthyTraffic',
    readonly subject: string,
    message: string,
  ) {
    super(message);
  }
}

/** Looks after every effect whether the invariants of the design still hold, and throws when one does not. */
export class Watch {
  private readonly highest = new Map<string, number>();
  private seen = 0;
  private volumes: ReadonlyMap<string, VolumeMark> = new Map();
  private served: ReadonlyMap<string, string> = new Map();

  /** Where each record led when the run began, where nothing was healthy even then: it may be led back there. */
  private readonly brokenBefore: ReadonlySet<string>;

  constructor(
    private readonly lab: Lab,
    private readonly plan: RecoveryPlan,
  ) {
    const broken = lab.runbook.traffic.filter(() => this.sickAt(plan.from).length > 0);
    this.brokenBefore = new Set(broken.map(({ name, values }) => `${name} ${values[plan.from].join()}`));
    this.seen = lab.world.journal.length;
    this.remember();
  }

  /** After anything that may have changed something; `after` names it. */
  look(after: string): void {
    try {
      for (const entry of this.lab.world.journal.slice(this.seen)) this.lookAt(entry);
      this.trafficLeadsToHealth();
      this.oneSiteAccepts();
    } catch (error) {
      if (!(error instanceof BrokenInvariant)) throw error;
      throw new BrokenInvariant(error.code, error.subject, `after ${after}: ${error.message}`);
    }
    this.remember();
  }

  private lookAt(entry: JournalEntry): void {
    const site = roles.find((role) => this.lab.runbook.sites[role].name === entry.site);
    if (site === undefined) return;
    if (entry.method === 'sync') this.dataFlowsDown(site, entry.target);
    // What a drill starts is a copy: customers, who are asked as ever, would show it if it were not.
    if (entry.method !== 'start' || operationTraits[this.plan.operation].isolated) return;
    const workload = this.lab.runbook.workloads.find(({ name }) => name === entry.target);
    if (workload === undefined || workload.volumes.length === 0) return;
    this.otherSideIsOut(site, workload);
    for (const volume of workload.volumes) this.dataIsProven(site, volume, entry.epoch);
  }

  /** Invariant 1: proven stopped at the other site, or fenced out there, or that site is declared lost. */
  private otherSideIsOut(site: SiteRole, { name }: WorkloadSpec): void {
    const other = peerRole(site);
    const there = this.lab.stateAt(other);
    const instance = there?.workloads[name];
    if (instance?.running !== true || this.lab.isolated(other)) return;
    const { epoch, quarantined } = there?.fence ?? { epoch: 0, quarantined: false };
    if (quarantined || epoch > instance.epoch) return;
    const saw = `${name} started at ${this.lab.nameOf(site)} while it may write at ${this.lab.nameOf(other)}`;
    throw new BrokenInvariant('TwoActive', name, saw);
  }

  /** Invariant 2: claimed by an epoch, and of a planned move holding every record that anybody has a receipt for. */
  private dataIsProven(site: SiteRole, volume: string, epoch: number): void {
    const state = this.lab.stateAt(site)?.volumes[volume];
    if (state?.role !== 'active' || state.epoch > epoch) {
      const saw = `a start with epoch ${epoch} at ${this.lab.nameOf(site)} on ${volume}, which is ${state?.role ?? 'not there'}, epoch ${state?.epoch ?? 0}`;
      throw new BrokenInvariant('UnprovenData', volume, saw);
    }
    const spec = this.lab.runbook.volumes.find(({ name }) => name === volume);
    if (this.plan.mode === 'unplanned' || spec === undefined) return;
    const missing = this.lab.missingAt(site, spec);
    if (missing.length === 0) return;
    const saw = `a start at ${this.lab.nameOf(site)} on ${volume}, which lacks ${missing.join(', ')}`;
    throw new BrokenInvariant('UnprovenData', volume, saw);
  }

  /** Invariant 3: never onto data of a higher epoch, nor onto what is written at the same one. */
  private dataFlowsDown(target: SiteRole, volume: string): void {
    const [onto, from] = [this.mark(target, volume), this.mark(peerRole(target), volume)];
    if (onto === undefined || from === undefined) return;
    if (onto.epoch > from.epoch || (onto.role === 'active' && onto.epoch === from.epoch)) {
      const saw = `${volume} of epoch ${from.epoch} flowed onto ${onto.role} data of epoch ${onto.epoch} at ${this.lab.nameOf(target)}`;
      throw new BrokenInvariant('NewerDataLost', volume, saw);
    }
  }

  /** Invariant 4: a record that moved leads to a site where everything runs and may write. */
  private trafficLeadsToHealth(): void {
    for (const { name, values } of this.lab.runbook.traffic) {
      const now = this.valuesOf(name);
      if (now === this.served.get(name) || this.brokenBefore.has(`${name} ${now}`)) continue;
      const site = roles.find((role) => values[role].join() === now);
      if (site === undefined)
        throw new BrokenInvariant('UnhealthyTraffic', name, `${name} leads to ${now}, which is no site`);
      const sick = this.sickAt(site);
      if (sick.length === 0) continue;
      const saw = `${name} moved to ${this.lab.nameOf(site)}, where ${sick.join(' and ')} may not serve`;
      throw new BrokenInvariant('UnhealthyTraffic', name, saw);
    }
  }

  private sickAt(site: SiteRole): readonly string[] {
    const group = this.lab.stateAt(site);
    const fence = group?.fence.epoch ?? 0;
    const sick = this.lab.runbook.workloads.filter(({ name }) => {
      const instance = group?.workloads[name];
      return this.lab.isolated(site) || instance?.running !== true || instance.epoch < fence;
    });
    return sick.map(({ name }) => name);
  }

  /** Invariant 1 as customers see it: at most one site acknowledges, and never again one of a lower epoch. */
  private oneSiteAccepts(): void {
    const accepted = new Map<string, SiteRole>();
    for (const { volume, site } of this.lab.writeEverywhere()) {
      const other = accepted.get(volume);
      if (other !== undefined) {
        const saw = `${this.lab.nameOf(other)} and ${this.lab.nameOf(site)} both accept writes to ${volume}`;
        throw new BrokenInvariant('TwoActive', volume, saw);
      }
      accepted.set(volume, site);
      const workload = this.lab.runbook.workloads.find(({ volumes }) => volumes.includes(volume));
      const epoch = this.lab.stateAt(site)?.workloads[workload?.name ?? '']?.epoch ?? 0;
      const highest = this.highest.get(volume) ?? 0;
      if (epoch < highest)
        throw new BrokenInvariant('TwoActive', volume, `epoch ${epoch} wrote to ${volume} after epoch ${highest} had`);
      this.highest.set(volume, epoch);
    }
  }

  private remember(): void {
    this.seen = this.lab.world.journal.length;
    const marks = roles.flatMap((site) =>
      Object.entries(this.lab.stateAt(site)?.volumes ?? {}).map(
        ([name, { role, epoch }]) => [`${name}@${site}`, { role, epoch }] as const,
      ),
    );
    this.volumes = new Map(marks);
    this.served = new Map(this.lab.runbook.traffic.map(({ name }) => [name, this.valuesOf(name)]));
  }

  private mark(site: SiteRole, volume: string): VolumeMark | undefined {
    return this.volumes.get(`${volume}@${site}`);
  }

  private valuesOf(name: string): string {
    const entry = Object.values(this.lab.world.state.records).find(({ held }) => held.name === name);
    return entry?.served.values.join() ?? '';
  }
}
