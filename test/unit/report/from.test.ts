import type { RunEvent } from '../../../core/model/run';
import { buildReport, type ReportInput } from '../../../core/report/build-report';
import { scenarios } from './scenarios';

interface Sourced {
  readonly path: string;
  readonly from: readonly string[];
}

/** What only repeats recorded events, plan or surroundings as they are. */
const asRecorded = [
  'run',
  'recoveryPoints',
  'decisions',
  'prechecks',
  'left',
  'messages',
  'refusedMessages',
  'plan',
  'timeline',
];

/** Every number that was computed, with what it says that it is from: its own word, or that of what it is a part of. */
function figuresIn(value: unknown, path: string, from: readonly string[] | undefined): readonly Sourced[] {
  if (typeof value === 'number') return [{ path, from: from ?? [] }];
  if (typeof value !== 'object' || value === null) return [];
  const own = 'from' in value ? (value.from as readonly string[]) : from;
  return Object.entries(value).flatMap(([key, part]) =>
    path === '' && (asRecorded.includes(key) || key === 'schemaVersion') ? [] : figuresIn(part, `${path}/${key}`, own),
  );
}

const told = ({ events, plan }: ReportInput, from: string): boolean => {
  const [kind = '', subject] = from.split(' ');
  if (kind.startsWith('plan.'))
    return plan === undefined || kind.slice('plan.'.length) in plan || kind === 'plan.runbook.volumes';
  const kinds: readonly RunEvent['kind'][] = events.map((event) => event.kind);
  if (subject === undefined) return true;
  if (kind === 'message') return ['pause', 'resume'].includes(subject);
  const same = (event: RunEvent): boolean =>
    event.kind === kind && (('step' in event && event.step === subject) || ('gate' in event && event.gate === subject));
  return kinds.some((one) => one === kind) && events.some(same);
};

describe.each(Object.entries(scenarios))('%s', (_, input) => {
  const figures = figuresIn(buildReport(input), '', undefined);

  test('every computed figure says from what', () => {
    expect(figures.filter(({ from }) => from.length === 0)).toEqual([]);
  });

  test('and what it names was recorded', () => {
    const named = [...new Set(figures.flatMap(({ from }) => from))];
    expect(named.filter((from) => !told(input, from))).toEqual([]);
  });
});
