import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyOf } from '../../../core/model/drill';
import type { ProtectionState } from '../../../core/model/protection';
import type { SiteRole } from '../../../core/model/site';
import { readFenceJournal, SiteFolder } from '../../../drivers/local/site-folder';
import { probePort } from '../../../drivers/local/workloads/port-probe';
import { effectsSoFar, processesAt } from './evidence';
import type { FaultLab } from './fault-lab';

const intervalMs = 100;

/** What a drill must leave as it is. */
interface Production {
  readonly processes: readonly number[];
  readonly fences: readonly unknown[];
  readonly points: readonly (readonly [string, number])[];
  readonly recordChanges: number;
  readonly group: Pick<ProtectionState, 'phase' | 'epoch' | 'activeSite' | 'highestEpoch'>;
  /** The folders of the groups at both sites. */
  readonly groups: readonly string[];
}

/** Looks at production all the while, and says afterwards what was not as before. */
export class ProductionWatch {
  private readonly oddities = new Set<string>();
  private readonly asOf = new Set<string>();
  private watching = true;
  private readonly looking: Promise<void>;

  private constructor(
    private readonly faults: FaultLab,
    private readonly before: Production,
  ) {
    this.looking = this.look();
  }

  static async begin(faults: FaultLab): Promise<ProductionWatch> {
    return new ProductionWatch(faults, await productionOf(faults));
  }

  /** Ends the watch. Nothing of production was changed, replication went on, and nothing of a copy is left. */
  async expectUntouched(): Promise<void> {
    this.watching = false;
    await this.looking;
    expect([...this.oddities]).toEqual([]);
    expect(await productionOf(this.faults)).toEqual(this.before);
    // Passes went on: the replica is of several instants.
    expect(this.asOf.size).toBeGreaterThan(1);
    expect(await copiesLeft(this.faults)).toEqual([]);
  }

  private async look(): Promise<void> {
    const { faults, before } = this;
    while (this.watching) {
      const state = await faults.state().catch(() => undefined);
      if (state !== undefined) {
        const { phase, epoch, activeSite, highestEpoch, holder, replication } = state;
        this.expectSame('group', { phase, epoch, activeSite, highestEpoch }, before.group);
        if (holder !== undefined) this.oddities.add(`held by ${holder.workflowId}`);
        if (replication.paused) this.oddities.add('replication is paused');
        for (const instant of Object.values(replication.asOf)) this.asOf.add(instant);
      }
      this.expectSame('processes', await pidsOf(faults), before.processes);
      await sleep(intervalMs);
    }
  }

  private expectSame(what: string, now: unknown, then: unknown): void {
    if (JSON.stringify(now) !== JSON.stringify(then)) this.oddities.add(`${what}: ${JSON.stringify(now)}`);
  }
}

async function productionOf(faults: FaultLab): Promise<Production> {
  const { lab } = faults;
  const folders = Object.values(lab.sites).map((site) => new SiteFolder(lab.labFolder, site));
  const { points, recordChanges } = await effectsSoFar(faults);
  const { phase, epoch, activeSite, highestEpoch } = await faults.state();
  return {
    processes: await pidsOf(faults),
    fences: await Promise.all(
      folders.map(async (folder) => (await readFenceJournal(folder, lab.runbook.group)).entries),
    ),
    points: [...points],
    recordChanges,
    group: { phase, epoch, activeSite, highestEpoch },
    groups: folders.flatMap(({ root }) => readdirSync(path.join(root, 'groups'))),
  };
}

async function pidsOf({ lab }: FaultLab): Promise<readonly number[]> {
  const found = await Promise.all(Object.values(lab.sites).map((site) => processesAt(lab, site)));
  return found
    .flat()
    .map(({ pid }) => pid)
    .sort((one, other) => one - other);
}

/** Folders and open ports of copies, at both sites. */
async function copiesLeft({ lab }: FaultLab): Promise<readonly string[]> {
  const left: string[] = [];
  for (const site of Object.values(lab.sites)) {
    const folder = new SiteFolder(lab.labFolder, site).groupFolder(copyOf(lab.runbook.group));
    if (existsSync(folder)) left.push(folder);
    for (const { local } of lab.runbook.workloads) {
      if ((await probePort(site.drill?.address ?? '', local?.port ?? 0)) !== 'closed') left.push(`port ${local?.port}`);
    }
  }
  return left;
}

/** What answers at the address of the copy: the health of the workload, or undefined. */
export async function answerOfCopy({ lab }: FaultLab, role: SiteRole, workload: string): Promise<string | undefined> {
  const site = lab.runbook.sites[role];
  const port = lab.runbook.workloads.find(({ name }) => name === workload)?.local?.port ?? 0;
  const answer = await fetch(`http://${site.drill?.address ?? ''}:${port}/health`).catch(() => undefined);
  return answer?.text();
}
