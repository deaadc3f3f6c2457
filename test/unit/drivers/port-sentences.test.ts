import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkRules } from '../../contract/check-contract';
import type { ContractRule } from '../../contract/contract';
import { titleOf } from '../../contract/contract';
import { type PortSentence, sentencesOf } from '../../contract/port-sentences';
import { replicationRules } from '../../contract/replication-contract';
import { stageRules } from '../../contract/stage-contract';
import { standingRules } from '../../contract/standing-contract';
import { trafficRules } from '../../contract/traffic-contract';
import { workloadRules } from '../../contract/workload-contract';

const source = ['drivers/ports.ts', 'drivers/stage-port.ts', 'drivers/standing-port.ts', 'core/model/standing.ts']
  .map((file) => readFileSync(path.join(__dirname, '../../..', file), 'utf8'))
  .join('\n');

/** Sentences that no driver can break: they say what a caller does or what a type is for. */
const notForDrivers: Readonly<Record<string, string>> = {
  'CallContext: What drivers do for the activities.': 'says what the file is',
  'CallContext: Each sentence below is a test in test/contract, and every driver passes all of them.': 'is this test',
  'Mutation: Carried by every mutation.': 'the types see to it',
  'Mutation.operationKey: "<run>/<step>": the same for every attempt of the same step.': 'a promise of the caller',
  'Mutation.epoch: Epoch on whose behalf the change is made.': 'a promise of the caller',
  'RemovedCopy: What there was of a copy: workloads and volumes, by name.': 'the tests of prepareCopy and removeCopy',
  'CheckTarget: What a check may know of what it checks.': 'the types see to it',
  'StageDriver: Of sites at which workloads are objects that have to be there before they can be started; others do without.':
    'says what the port is for',
  'StandingRequest.volumes: Those that the workload writes.': 'a promise of the caller',
  'StandingRequest.epoch: That it was started with.': 'a promise of the caller',
  'StandingDriver: Of sites that know more of a workload than what it answers; others do without.':
    'says what the port is for',
  'WorkloadStanding: Of a workload that runs: whether it is whole, so that its checks tell of all of it.':
    'says what the answer is for',
};

const portOf = (of: string): string => of.split('.')[0] ?? of;
const nameOf = ({ of, sentence }: PortSentence): string => `${of}: ${sentence}`;
const ruleNames = (rules: readonly ContractRule<never>[]): readonly string[] =>
  rules.map(({ of, rule }) => nameOf({ of, sentence: rule }));

const contracts: Readonly<Record<string, readonly ContractRule<never>[]>> = {
  WorkloadDriver: workloadRules,
  ReplicationDriver: replicationRules,
  TrafficDriver: trafficRules,
  CheckDriver: checkRules,
  StageDriver: stageRules,
  StandingDriver: standingRules,
};
const tested = new Set(Object.values(contracts).flatMap(ruleNames));
const sentences = sentencesOf(source);

test('the sentences of drivers/ports.ts are found, those of the list for every method among them', () => {
  expect(sentences.filter(({ of }) => of === 'every method')).toHaveLength(6);
  expect(new Set(sentences.map(({ of }) => portOf(of)))).toEqual(
    new Set([
      ...Object.keys(contracts),
      'every method',
      'CallContext',
      'Progress',
      'Mutation',
      'RemovedCopy',
      'SyncRequest',
      'CopyRequest',
      'CaptureRequest',
      'RestoreRequest',
      'SwitchRequest',
      'CheckTarget',
      'StageRequest',
      'StandingRequest',
      'WorkloadStanding',
    ]),
  );
});

test.each(sentences.map((sentence) => [nameOf(sentence)]))('has a contract test: %s', (sentence) => {
  expect(tested.has(sentence) || sentence in notForDrivers).toBe(true);
});

test('a sentence that is no test is one of drivers/ports.ts, and is not tested all the same', () => {
  const known = new Set(sentences.map(nameOf));
  expect(Object.keys(notForDrivers).filter((sentence) => !known.has(sentence) || tested.has(sentence))).toEqual([]);
});

test('every contract test names a sentence of drivers/ports.ts, word by word', () => {
  const known = new Set(sentences.map(nameOf));
  expect([...tested].filter((name) => !known.has(name))).toEqual([]);
});

test.each(Object.entries(contracts))('no two tests of %s have the same title', (_port, rules) => {
  const titles = rules.map(titleOf);
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
});

test('a sentence that is added without a test is noticed', () => {
  const added = source.replace(
    'Stopping what is stopped succeeds.',
    'Stopping what is stopped succeeds. Always sings.',
  );
  const names = sentencesOf(added).map(nameOf);
  expect(names).toContain('WorkloadDriver.stop: Always sings.');
  expect(names).toHaveLength(sentences.length + 1);
});
