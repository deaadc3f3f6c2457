import fc from 'fast-check';
import type { PlanStep, RecoveryPlan } from '../../../core/model/plan';
import { peerRole, type SiteRole } from '../../../core/model/site';
import { traitsOf, type StepKind } from '../../../core/model/step-kinds';
import { arbitraryRunbook } from '../runbook/arbitrary-runbook';
import { compiled, inputFor } from './compiled';
import { forward } from './graph';
import { parsedShop } from './shop';

const reversed = { phase: 'ReverseProtected', activeSite: 'recovery' } as const;

/** Drills of any runbook, one way and both ways, from home and from the refuge. */
const arbitraryDrill = fc
  .tuple(arbitraryRunbook, fc.boolean(), fc.boolean(), fc.constantFrom(0, 60))
  .map(([runbook, roundTrip, away, seconds]) => {
    const input = inputFor(runbook, 'drill');
    const observation = { ...input.observation, ...(away && reversed) };
    return compiled({ ...input, observation, roundTrip, keep: { seconds } });
  });

const check = (rule: (plan: RecoveryPlan) => void): void => {
  fc.assert(fc.property(arbitraryDrill, rule), { numRuns: 100 });
};

const sitesOfCopies = ({ steps }: RecoveryPlan): readonly (SiteRole | undefined)[] =>
  steps.filter(({ kind }) => kind === 'prepare-drill').map(({ site }) => site);

const idsOf = (steps: readonly PlanStep[], kind: StepKind, site: SiteRole): readonly string[] =>
  steps.filter((step) => step.kind === kind && step.site === site).map(({ id }) => id);

test('no step of a drill changes anything but a copy, and none leads customers or holds up production', () => {
  check(({ steps, rollback }) => {
    const changing = [...steps, ...rollback].filter(({ kind }) => traitsOf(kind).effect !== 'none');
    expect(changing.filter(({ input }) => input.isolated !== true)).toEqual([]);
    const never: readonly StepKind[] = [
      'switch-traffic',
      'lower-ttl',
      'pause-replication',
      'commit',
      'start-replication',
    ];
    expect(steps.filter(({ kind }) => never.includes(kind))).toEqual([]);
  });
});

test('what is asked of a copy is asked at its address, and never of names', () => {
  check(({ steps }) => {
    const asking = steps.filter(({ kind }) => kind === 'check-health' || kind === 'verify-data');
    for (const { input } of asking) {
      expect(input.isolated).toBe(true);
      expect(input.checks?.filter(({ probe }) => probe.kind === 'dns')).toEqual([]);
    }
  });
});

test('every step that changes a copy comes after the preparation of its site, before its removal, and is undone by that', () => {
  check((plan) => {
    const graph = forward(plan);
    for (const step of plan.steps.filter(({ input, kind }) => input.isolated && traitsOf(kind).effect !== 'none')) {
      const one = (kind: StepKind) => graph.ofKind(kind).find(({ site }) => site === step.site);
      const [prepared, removed] = [one('prepare-drill'), one('remove-drill')];
      if (!prepared || !removed) throw new Error(`${step.id} changes a copy where none is made`);
      if (step !== removed) expect(graph.isBefore(step, removed)).toBe(true);
      if (step !== prepared) expect(graph.isBefore(prepared, step)).toBe(true);
      if (step === removed) continue;
      const undone = plan.rollback.filter(({ compensates }) => compensates.includes(step.id));
      expect(undone.map(({ kind, site }) => [kind, site])).toEqual([['remove-drill', step.site]]);
    }
  });
});

test('the last removal is the commit step, and comes after everything else', () => {
  check((plan) => {
    const graph = forward(plan);
    const commit = plan.steps.find(({ id }) => id === plan.commitStep);
    if (commit === undefined) throw new Error('no commit step');
    const others = plan.steps.filter((step) => step !== commit && step.kind !== 'barrier');
    expect(others.filter((step) => !graph.isBefore(step, commit))).toEqual([]);
    expect(commit).toMatchObject({ kind: 'remove-drill', site: plan.to });
  });
});

describe('of a round trip', () => {
  const both = arbitraryDrill.filter((plan) => sitesOfCopies(plan).length === 2);

  test('the second copy starts only on data that was proven, of a first one that is stopped and fenced, and with a higher epoch', () => {
    fc.assert(
      fc.property(both, (plan) => {
        const graph = forward(plan);
        const other = peerRole(plan.to);
        const starts = idsOf(plan.steps, 'start-workload', other);
        expect(starts).toHaveLength(plan.runbook.workloads.length);
        for (const start of starts) {
          const before = graph.ancestors(start);
          for (const id of idsOf(plan.steps, 'stop-workload', plan.to)) expect(before).toContain(id);
          expect(before).toContain(idsOf(plan.steps, 'fence-site', plan.to)[0]);
          const step = plan.steps.find(({ id }) => id === start);
          expect(step?.input.epoch).toBe(plan.epochs.to + 1);
          const spec = plan.runbook.workloads.find(({ name }) => name === step?.workload);
          for (const volume of spec?.volumes ?? []) {
            for (const kind of ['sync', 'final-sync', 'claim-volume'] as const) {
              const found = graph.ofKind(kind).find((candidate) => candidate.volume === volume);
              expect(found).toMatchObject({ site: other });
              expect(before).toContain(found?.id);
              if (kind !== 'claim-volume') expect(found?.input.source).toBe(plan.to);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('it is what is asked for with the run, else what the runbook says, else one way', () => {
    const shop = parsedShop();
    const said = (roundTrip?: true) => ({
      ...shop,
      operations: {
        ...shop.operations,
        drill: {
          ...shop.operations.failback,
          keepSeconds: 0,
          recoveryPoint: 'latest',
          ...(roundTrip && { roundTrip }),
        },
      },
    });
    const copies = (runbook: typeof shop, roundTrip?: boolean) =>
      sitesOfCopies(compiled({ ...inputFor(runbook, 'drill'), ...(roundTrip !== undefined && { roundTrip }) }));
    expect(copies(shop)).toEqual(['recovery']);
    expect(copies(shop, true)).toEqual(['recovery', 'primary']);
    expect(copies(said(true))).toEqual(['recovery', 'primary']);
    expect(copies(said(true), false)).toEqual(['recovery']);
  });

  test('both sites need an address for copies', () => {
    const shop = parsedShop();
    const { drill: _none, ...primary } = shop.sites.primary;
    const input = inputFor({ ...shop, sites: { ...shop.sites, primary } }, 'drill');
    const errorsOf = (roundTrip: boolean) =>
      compiled({ ...input, roundTrip }).prechecks.filter(({ severity }) => severity === 'error');
    expect(errorsOf(false)).toEqual([]);
    expect(errorsOf(true)).toMatchObject([
      {
        code: 'CopyIsolated',
        subject: 'beta and alpha',
        saw: expect.stringMatching(/^alpha has no address/) as string,
      },
    ]);
  });

  test('the stops are in the order of the move that is rehearsed', () => {
    const shop = parsedShop();
    const failback = { ...shop.operations.failback, stopOrder: ['ledger', 'web', 'api'] };
    const input = inputFor({ ...shop, operations: { ...shop.operations, failback } }, 'drill');
    const stops = compiled({ ...input, roundTrip: true }).steps.filter(({ kind }) => kind === 'stop-workload');
    expect(stops.map(({ workload }) => workload)).toEqual(failback.stopOrder);
  });

  test('the copy is held where it runs at last', () => {
    const input = { ...inputFor(parsedShop(), 'drill'), keep: { seconds: 60 } };
    const heldAt = (roundTrip: boolean) =>
      compiled({ ...input, roundTrip }).steps.find(({ kind }) => kind === 'hold-drill')?.site;
    expect([heldAt(false), heldAt(true)]).toEqual(['recovery', 'primary']);
  });
});
