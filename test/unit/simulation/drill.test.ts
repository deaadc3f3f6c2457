import fc from 'fast-check';
import type { StepRequest } from '../../../activities/contract';
import { copyOf } from '../../../core/model/drill';
import type { Runbook } from '../../../core/model/runbook';
import type { SiteRole } from '../../../core/model/site';
import { parsedShop } from '../planning/shop';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { inPlanOrder, type Choose } from '../../../simulation/choose';
import { problemsIn, type Expected } from '../../../simulation/end-state';
import { roles, type Lab } from '../../../simulation/lab';
import { performRequest } from '../../../simulation/perform-request';
import { scenes as allScenes } from '../../../simulation/scenes';
import { carriedOut, SimulatedRun, type Fault, type Start } from '../../../simulation/simulated-run';
import { arbitraryPicks, choosing } from './choices';

interface DrillScene {
  readonly title: string;
  readonly start: Start;
  readonly open: (runbook: Runbook) => Promise<Lab>;
  readonly group: Expected;
}

const protectedScene = { open: allScenes.drill.open, group: allScenes.drill.before };
const reversedScene = { open: allScenes.drillOfTheWayBack.open, group: allScenes.drillOfTheWayBack.before };
const drill = { operation: 'drill' } as const;
const roundTrip = { ...drill, roundTrip: true };

const scenes: readonly DrillScene[] = [
  { title: 'drill of a failover', start: drill, ...protectedScene },
  { title: 'drill of a failback', start: drill, ...reversedScene },
  { title: 'round trip from home', start: roundTrip, ...protectedScene },
  { title: 'round trip from the refuge', start: roundTrip, ...reversedScene },
];

const moments = ['before', 'after'] as const;

/** What a drill must leave as it is, and nothing that the schedule of replication changes by itself. */
function productionOf(lab: Lab): string {
  const sites = roles.map((site) => {
    const { fence, workloads = {}, volumes = {} } = lab.stateAt(site) ?? {};
    const data = Object.entries(volumes).map(([name, { role, epoch, content, points }]) => [
      name,
      role,
      epoch,
      content,
      points,
    ]);
    return [fence, workloads, data];
  });
  const { phase, epoch, highestEpoch, activeSite, replication } = lab.group.state;
  return JSON.stringify([sites, lab.world.state.records, phase, epoch, highestEpoch, activeSite, replication]);
}

const copiesLeft = (lab: Lab): readonly string[] =>
  Object.entries(lab.world.state.sites).flatMap(([site, { groups }]) =>
    Object.hasOwn(groups, copyOf(lab.runbook.group)) ? [`a copy is left at ${site}`] : [],
  );

const recordsOfCopy = (lab: Lab, role: SiteRole, volume: string): string => {
  const place = { site: lab.runbook.sites[role].name, group: copyOf(lab.runbook.group), volume };
  return JSON.stringify(lab.world.customers.read(place));
};

/** Somebody writes to the copy whenever it runs. Gives what was acknowledged. */
function writeToCopies(lab: Lab, receipts: { volume: string; record: string }[]): void {
  for (const volume of lab.runbook.volumes) {
    for (const role of roles) {
      const record = `written to a copy ${receipts.length}`;
      const order = { site: lab.runbook.sites[role].name, group: copyOf(lab.runbook.group), volume, record };
      if (lab.world.customers.write(order).acknowledged) receipts.push({ volume: volume.name, record });
    }
  }
}

async function stepsBeforeCommit(opened: Lab, start: Start): Promise<readonly string[]> {
  const { plan } = await SimulatedRun.begin(opened.copy(), start);
  const commit = plan.steps.findIndex(({ id }) => id === plan.commitStep);
  return plan.steps.slice(0, commit).flatMap(({ id, kind }) => (kind === 'barrier' ? [] : [id]));
}

/** Makes the step fail, rolls back, and holds the drill again. Gives what was not as it should be. */
async function endAfter(
  opened: Lab,
  { start, group }: DrillScene,
  { fault, choose = inPlanOrder }: { readonly fault: Fault; readonly choose?: Choose },
): Promise<readonly string[]> {
  try {
    const lab = opened.copy();
    const before = productionOf(lab);
    const touched = new Set<string>();
    const performed = async ({ step }: StepRequest): Promise<void> => {
      if (productionOf(lab) !== before) touched.add(`${step.id} touched production`);
    };
    const run = await SimulatedRun.begin(lab, start);
    if ((await run.execute({ fault, choose, performed })) === undefined) return ['the fault did not come about'];
    const left = await run.rollBack({ choose, performed });
    const problems = [...left.map(({ id, status }) => `${id} ${status}`), ...touched, ...copiesLeft(lab)];
    if (problems.length > 0 || productionOf(lab) !== before) return [...problems, 'production is not as before'];
    await carriedOut(lab, start, { choose });
    return [...copiesLeft(lab), ...(await problemsIn(lab, group)).map(({ saw }) => saw)].map(
      (problem) => `when held again: ${problem}`,
    );
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

describe.each(scenes.map((scene) => [scene.title, scene] as const))('%s', (_title, scene) => {
  test('touches nothing of production, and leaves nothing, whichever step of the shop fails, before or after its effect', async () => {
    const opened = await scene.open(parsedShop());
    const table: string[] = [];
    for (const step of await stepsBeforeCommit(opened, scene.start)) {
      for (const moment of moments) {
        for (const problem of await endAfter(opened, scene, { fault: { step, moment } })) {
          table.push(`${step} fails ${moment} its effect → ${problem}`);
        }
      }
    }
    expect(table).toEqual([]);
  });

  test('so with any runbook, whichever step fails in whichever order', async () => {
    const faults = fc.tuple(fc.nat(9973), fc.constantFrom(...moments));
    await fc.assert(
      fc.asyncProperty(arbitraryRunbook, arbitraryPicks, faults, async (runbook, picks, [number, moment]) => {
        const opened = await scene.open(runbook);
        const steps = await stepsBeforeCommit(opened, scene.start);
        const fault = { step: steps[number % steps.length] ?? '', moment };
        const problems = await endAfter(opened, scene, { fault, choose: choosing(picks) });
        expect(problems.map((problem) => `${fault.step} fails ${moment} its effect → ${problem}`)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  test('no step of it that comes again after its end brings anything back', async () => {
    const lab = await scene.open(parsedShop());
    const { requests } = await carriedOut(lab, scene.start);
    const [before, snapshot] = [productionOf(lab), lab.world.snapshot()];
    // A preparation makes room for a copy, whenever it comes: docs/adr/0023.
    for (const request of requests.filter(({ step }) => step.kind !== 'prepare-drill')) {
      await performRequest(lab, request).catch(() => undefined);
      expect(copiesLeft(lab).map((left) => `${request.step.id}: ${left}`)).toEqual([]);
    }
    expect(productionOf(lab)).toEqual(before);
    expect(lab.world.snapshot()).toEqual(snapshot);
  });
});

test.each(scenes.filter(({ start }) => start.roundTrip).map((scene) => [scene.title, scene] as const))(
  '%s: what is written to the first copy until it is stopped arrives at the second',
  async (_title, { start, open, group }) => {
    const lab = await open(parsedShop());
    const receipts: { volume: string; record: string }[] = [];
    let arrived = 0;
    const performed = async ({ step }: StepRequest): Promise<void> => {
      if (step.kind === 'claim-volume' && step.site === group.active) {
        const there = recordsOfCopy(lab, group.active, step.volume ?? '');
        expect(receipts.length).toBeGreaterThan(0);
        for (const { record } of receipts) expect(there).toContain(record);
        arrived += 1;
      }
      writeToCopies(lab, receipts);
    };
    await carriedOut(lab, start, { performed });
    expect(arrived).toBe(lab.runbook.volumes.length);
    for (const role of roles) {
      for (const volume of lab.runbook.volumes) {
        expect(JSON.stringify(lab.filesAt(role, volume))).not.toContain('written to a copy');
      }
    }
  },
);
