import type { SiteSpec } from '../../core/model/site';
import type { CallContext, Mutation, Progress } from '../../drivers/ports';

export { quietly } from '../../simulation/quietly';

/** One test of one sentence of drivers/ports.ts. */
export interface ContractRule<Fixture> {
  /** Where the sentence stands: "WorkloadDriver.stop"; "every method" for the rules above all methods. */
  readonly of: string;
  /** The sentence, word by word. */
  readonly rule: string;
  /** The scenario, when one sentence takes several tests. */
  readonly scenario?: string;
  readonly run: (fixture: Fixture) => Promise<void>;
}

/** What every fixture offers, whichever port it is for. */
export interface ContractFixture {
  readonly group: string;
  /** Everything a driver could have changed, for comparing before and after. */
  readonly state: () => Promise<unknown>;
  readonly tearDown: () => Promise<void>;
}

/** A fixture with two sites that can be cut off from everything, as by a disaster. */
export interface TwoSiteFixture extends ContractFixture {
  readonly site: SiteSpec;
  readonly peer: SiteSpec;
  readonly isolate: (site: SiteSpec) => Promise<void>;
  readonly reconnect: (site: SiteSpec) => Promise<void>;
}

type RuleWriter<Fixture> = (
  rule: string,
  run: (fixture: Fixture) => Promise<void>,
  scenario?: string,
) => ContractRule<Fixture>;

/** `const stop = rulesOf<WorkloadFixture>('WorkloadDriver.stop')`, then `stop('<sentence>', test)`. */
export function rulesOf<Fixture>(of: string): RuleWriter<Fixture> {
  return (rule, run, scenario) => ({ of, rule, run, ...(scenario === undefined ? {} : { scenario }) });
}

export function titleOf<Fixture>(rule: ContractRule<Fixture>): string {
  const method = rule.of.replace(/^\w+Driver\./, '');
  return `${method}: ${rule.rule}${rule.scenario === undefined ? '' : ` (${rule.scenario})`}`;
}

/** Registers one jest test a rule, each on a fixture of its own. */
export function describeContract<Fixture extends ContractFixture>(
  name: string,
  rules: readonly ContractRule<Fixture>[],
  setUp: () => Promise<Fixture>,
): void {
  describe(name, () => {
    test.each(rules.map((rule) => [titleOf(rule), rule] as const))('%s', async (_title, rule) => {
      const fixture = await setUp();
      try {
        await rule.run(fixture);
      } finally {
        await fixture.tearDown();
      }
    });
  });
}

let mutations = 0;

/** A mutation of a new step; give `operationKey` for another attempt of an earlier one. */
export function mutation(fixture: ContractFixture, epoch: number, operationKey?: string): Mutation {
  mutations += 1;
  return { group: fixture.group, epoch, operationKey: operationKey ?? `run-${mutations}/step` };
}

/** A call that is cancelled at its nth progress message. */
export function cancelledAt(nth: number): CallContext & { readonly cancelled: () => boolean } {
  const controller = new AbortController();
  let seen = 0;
  return {
    signal: controller.signal,
    progress: () => {
      seen += 1;
      if (seen === nth) controller.abort(new Error('cancelled by the test'));
    },
    cancelled: () => controller.signal.aborted,
  };
}

/** A call whose progress messages are kept. */
export function watched(): CallContext & { readonly messages: Progress[] } {
  const messages: Progress[] = [];
  return { signal: new AbortController().signal, progress: (progress) => messages.push(progress), messages };
}

/** Asserts that the call fails with that code, and that the message says something. */
export async function expectFailure(call: Promise<unknown>, code: string, saying: RegExp = /./): Promise<void> {
  await expect(call).rejects.toMatchObject({ code, message: expect.stringMatching(saying) as string });
}

/** Asserts that the call changes nothing that the fixture can see. */
export async function expectNoChange(fixture: ContractFixture, call: () => Promise<unknown>): Promise<void> {
  const before = await fixture.state();
  await call();
  expect(await fixture.state()).toEqual(before);
}

/** Settles a call that may succeed or fail: "done", or the code of the failure. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
