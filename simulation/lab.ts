import type { StepActivities, StepRequest } from '../activities/contract';
import { stepBodies } from '../activities/steps/step-bodies';
import type { StepBody, StepOutcome } from '../activities/steps/step-body';
import { SwitchbackFailure } from '../core/model/failure';
import type { Observation, SiteObservation } from '../core/model/observation';
import type { Runbook } from '../core/model/runbook';
import { peerRole, type SiteRole } from '../core/model/site';
import type { RecordState } from '../core/model/traffic';
import type { VolumeSpec } from '../core/model/volume';
import { establish } from '../core/running/protection-rules';
import type { DriverSet } from '../drivers/driver-set';
import type { MemoryState } from '../drivers/memory/memory-state';
import { createMemoryWorld, type MemoryWorld } from '../drivers/memory/memory-world';
import { quietly } from './quietly';
import { SimulatedGroup } from './simulated-group';

export const roles = ['primary', 'recovery'] as const;

/** An acknowledged write of a customer. */
export interface Acknowledged {
  readonly volume: string;
  readonly record: string;
  readonly site: SiteRole;
}

/** One protection group on two memory sites, its state, its schedule of replication and its customers. */
export class Lab {
  readonly drivers: DriverSet;
  readonly bodies: Readonly<Record<keyof StepActivities, StepBody>>;
  /** Operation keys of the hooks that were run or called, each once: a hook recognises itself by its key. */
  readonly hooked: string[] = [];
  private readonly hooks = {
    run: (request: StepRequest) => this.hook(request),
    call: (request: StepRequest) => this.hook(request),
  };
  /** What customers hold a receipt for, in order. */
  acknowledged: Acknowledged[] = [];
  private written = 0;
  private passes = 0;

  private constructor(
    readonly runbook: Runbook,
    readonly world: MemoryWorld,
    readonly group: SimulatedGroup,
  ) {
    this.drivers = driversOf(world);
    this.bodies = stepBodies(this.group, this.hooks);
  }

  /** Everything runs at the primary with epoch 1, customers have written, and the recovery site has replicas of it. */
  static async open(runbook: Runbook): Promise<Lab> {
    const { primary, recovery } = runbook.sites;
    const world = createMemoryWorld({
      sites: [primary.name, recovery.name],
      records: runbook.traffic,
      now: () => Date.now(),
    });
    const first = { group: runbook.group, epoch: 1, operationKey: 'deployment' };
    for (const volume of runbook.volumes) {
      world.customers.put(
        { site: primary.name, group: runbook.group, volume: volume.name },
        { 'first.txt': { content: 'from the beginning', mode: 0o644, modifiedMs: 1 } },
      );
      await world.replication.claim(primary, volume, first, quietly());
    }
    for (const workload of runbook.workloads) await world.workload.start(primary, workload, first, quietly());
    const lab = new Lab(runbook, world, new SimulatedGroup(establish(runbook, await observe(runbook, world))));
    lab.writeEverywhere();
    await lab.replicate();
    return lab;
  }

  /** Another lab in the same state, which goes its own way from here. */
  copy(): Lab {
    // Not structuredClone: what it makes is of another realm than the tests', and equals nothing strictly.
    const state = JSON.parse(JSON.stringify(this.world.state)) as MemoryState;
    const copy = new Lab(
      this.runbook,
      createMemoryWorld({ state, now: () => Date.now() }),
      new SimulatedGroup(this.group.state),
    );
    copy.acknowledged = [...this.acknowledged];
    copy.written = this.written;
    copy.passes = this.passes;
    return copy;
  }

  /** One turn of the schedule: a standby that could not be fenced is tried again, then a pass, when one is wanted. */
  async replicate(): Promise<void> {
    const { world, group, runbook } = this;
    const { replication, activeSite, epoch, fencing } = group.state;
    const standby = peerRole(activeSite);
    const [source, target] = [runbook.sites[activeSite], runbook.sites[standby]];
    this.passes += 1;
    const mutation = { group: runbook.group, epoch, operationKey: `replicate/${this.passes}` };
    if (fencing[standby] === 'unconfirmed') {
      const fence = await world.workload.fence(target, mutation, quietly());
      group.state = { ...group.state, fencing: { ...fencing, [standby]: fence.fencing } };
    }
    if (replication.direction === 'none' || replication.paused) return;
    for (const volume of runbook.volumes) {
      await world.replication.sync({ ...mutation, volume, source, target, final: false }, quietly());
    }
  }

  /** A command runs on the worker of its site, which is lost with it. */
  private async hook({ operationKey, step }: StepRequest): Promise<StepOutcome> {
    if (step.site !== undefined && this.isolated(step.site)) {
      throw new SwitchbackFailure(
        'NoWorker',
        `${this.nameOf(step.site)} is lost, and with it the worker that would run this`,
      );
    }
    if (!this.hooked.includes(operationKey)) this.hooked.push(operationKey);
    return { summary: 'exit code 0', facts: {} };
  }

  observe(): Promise<Observation> {
    const { phase, activeSite } = this.group.state;
    return observe(this.runbook, this.world, { phase, activeSite });
  }

  /** Customers try every volume at both sites. Gives what was acknowledged. */
  writeEverywhere(): readonly Acknowledged[] {
    const receipts: Acknowledged[] = [];
    for (const volume of this.runbook.volumes) {
      for (const site of roles) {
        const record = `record ${(this.written += 1)}`;
        const order = { site: this.runbook.sites[site].name, group: this.runbook.group, volume, record };
        if (this.world.customers.write(order).acknowledged) receipts.push({ volume: volume.name, record, site });
      }
    }
    this.acknowledged.push(...receipts);
    return receipts;
  }

  /** The records that a site holds in a volume, in order. */
  recordsAt(site: SiteRole, volume: VolumeSpec): readonly string[] {
    return linesOf(this.filesAt(site, volume)[volume.marker?.file ?? 'records.log']);
  }

  filesAt(site: SiteRole, volume: VolumeSpec) {
    const place = { site: this.runbook.sites[site].name, group: this.runbook.group };
    return this.world.customers.read({ ...place, volume: volume.name });
  }

  /** Acknowledged records of a volume that a site does not hold. */
  missingAt(site: SiteRole, volume: VolumeSpec): readonly string[] {
    const there = new Set(this.recordsAt(site, volume));
    return this.acknowledged
      .filter((one) => one.volume === volume.name && !there.has(one.record))
      .map((one) => one.record);
  }

  /** Records in the recovery points of a volume that are kept until removed by name, at either site. */
  recordsKept(volume: VolumeSpec): ReadonlySet<string> {
    const kept = roles.flatMap((site) => {
      const points = this.stateAt(site)?.volumes[volume.name]?.points ?? [];
      return points.filter(({ point }) => point.reason !== undefined).map(({ content }) => content ?? {});
    });
    return new Set(kept.flatMap((content) => linesOf(content[volume.marker?.file ?? 'records.log'])));
  }

  /** What an unplanned failover has lost is nobody's hope any more. Gives it. */
  giveUpLost(active: SiteRole): readonly Acknowledged[] {
    const lost = this.runbook.volumes.flatMap((volume) => {
      const missing = new Set(this.missingAt(active, volume));
      return this.acknowledged.filter((one) => one.volume === volume.name && missing.has(one.record));
    });
    this.acknowledged = this.acknowledged.filter((one) => !lost.includes(one));
    return lost;
  }

  stateAt(site: SiteRole) {
    return this.world.state.sites[this.runbook.sites[site].name]?.groups[this.runbook.group];
  }

  nameOf(site: SiteRole): string {
    return this.runbook.sites[site].name;
  }

  isolated(site: SiteRole): boolean {
    return this.world.state.sites[this.nameOf(site)]?.isolated === true;
  }
}

const linesOf = (file: object | undefined): readonly string[] =>
  file && 'content' in file ? String(file.content).split('\n').filter(Boolean) : [];

const driversOf = (world: MemoryWorld): DriverSet => ({
  sites: {
    memory: { workload: world.workload, standing: world.standing, replication: world.replication, check: world.check },
  },
  traffic: { memory: world.traffic },
});

async function observe(
  runbook: Runbook,
  world: MemoryWorld,
  state: Pick<Observation, 'phase' | 'activeSite'> = { phase: 'Protected', activeSite: 'primary' },
): Promise<Observation> {
  const [primary, recovery] = [
    await observeSite(runbook, world, 'primary'),
    await observeSite(runbook, world, 'recovery'),
  ];
  const records: Record<string, RecordState> = {};
  for (const record of runbook.traffic) records[record.name] = await world.traffic.current(record, quietly());
  const { sites } = runbook;
  const connectivity = [
    await world.workload.connectivity(sites.primary, sites.recovery, quietly()),
    await world.workload.connectivity(sites.recovery, sites.primary, quietly()),
  ];
  const hooks = { refusedCommands: { primary: {}, recovery: {} }, missingVariables: [] };
  return { observedAt: new Date().toISOString(), ...state, sites: { primary, recovery }, connectivity, records, hooks };
}

async function observeSite(runbook: Runbook, world: MemoryWorld, role: SiteRole): Promise<SiteObservation> {
  const { group, workloads, volumes } = runbook;
  const site = runbook.sites[role];
  const health = await world.workload.siteHealth(site, quietly());
  const fence = await world.workload.fencing(site, group, quietly());
  if (!health.reachable) return { role, health, workloads: [], volumes: [], fence };
  return {
    role,
    health,
    workloads: await world.workload.inspect(site, group, workloads, quietly()),
    volumes: await world.replication.observe(site, group, volumes, quietly()),
    fence,
  };
}
