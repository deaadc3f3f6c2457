import { existsSync, readFileSync } from 'node:fs';
import type { Report } from '../../../core/report/report';
import { startProgram, TestHome } from './program';

interface Answer {
  readonly exitCode: number;
  readonly home: string;
  readonly lostOrders: number;
  readonly proofs: readonly { readonly claim: string; readonly holds: boolean; readonly saw: string }[];
  readonly operations: readonly {
    readonly title: string;
    readonly verdict: string;
    readonly interruptionSeconds: number;
    readonly reportFiles: readonly string[];
  }[];
}

const home = new TestHome();
let answer: Answer;
let said: string;

beforeAll(async () => {
  const demo = startProgram('demo/main.ts', '--json', '--home', home.folder);
  const code = await demo.ended;
  said = demo.said();
  if (code !== 0) throw new Error(`the demo ended with ${code}:\n${said}`);
  answer = JSON.parse(demo.answered()) as Answer;
});

afterAll(() => home.remove());

test('goes around the circle twice; one failback is declined, all other runs complete', () => {
  expect(answer.operations.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['planned failover', 'completed'],
    ['reprotect', 'completed'],
    ['failback, declined', 'declined'],
    ['failback', 'completed'],
    ['drill', 'completed'],
    ['unplanned failover', 'completed'],
    ['reprotect', 'completed'],
    ['failback', 'completed'],
  ]);
});

test('all three proofs hold, over orders that there really were', () => {
  expect(answer.proofs.map(({ holds }) => holds)).toEqual([true, true, true]);
  for (const { saw } of answer.proofs) expect(Number.parseInt(saw, 10)).toBeGreaterThan(100);
  expect(answer.exitCode).toBe(0);
});

test('the disaster is answered by a named person at its gate, the failbacks by two people', () => {
  expect(said).toMatch(/npx switchback approve failover\/\S+ --gate declare-lost\/alpha --by bea@example.com/);
  for (const person of ['ana', 'bo']) {
    const command = new RegExp(`npx switchback approve failback/\\S+ --gate cutover --by ${person}@example.com`, 'g');
    expect(said.match(command)).toHaveLength(2);
  }
  expect(said).toMatch(/npx switchback reject failback\/\S+ --gate cutover --by bo@example.com --comment 'the sale is/);
});

test('of each run there is a report as JSON and as Markdown, with an estimate and an actual time', () => {
  // A declined run did nothing whose time could be compared.
  for (const { reportFiles } of answer.operations.filter(({ verdict }) => verdict === 'completed')) {
    const [json = '', markdown = ''] = reportFiles;
    expect(existsSync(markdown)).toBe(true);
    const { estimate } = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(estimate).toMatchObject({ estimateSeconds: expect.any(Number), actualSeconds: expect.any(Number) });
  }
});

test('nothing of it is left running', () => {
  expect(home.processes()).toEqual([]);
});
