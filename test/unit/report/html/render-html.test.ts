import { SaxesParser } from 'saxes';
import { buildReport, type ReportInput } from '../../../../core/report/build-report';
import { renderHtml } from '../../../../core/report/html/render-html';
import type { RunEvent } from '../../../../core/model/run';
import { plannedFailback, rolledBack, scenarios, unplannedFailover } from '../scenarios';

interface Page {
  /** Names of the elements, in order. */
  readonly elements: readonly string[];
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
}

/** Reads the page by the rules of XML, which are stricter than those of HTML: what is not well-formed is refused. */
function read(html: string): Page {
  const elements: string[] = [];
  const attributes: { name: string; value: string }[] = [];
  const text: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes: given }) => {
    elements.push(name);
    for (const [key, value] of Object.entries(given)) attributes.push({ name: key, value: String(value) });
  });
  parser.on('text', (part) => text.push(part));
  parser.write(html.replace(/^<!doctype html>\n/, '')).close();
  return { elements, attributes, text: text.join(' ') };
}

const pageOf = (input: ReportInput): Page => read(renderHtml(buildReport(input)));

test.each(Object.entries(scenarios))('%s is one file that asks for nothing', (_, input) => {
  const html = renderHtml(buildReport({ ...input, webUi: 'http://127.0.0.1:8233/namespaces/default' }));
  const { elements, attributes } = read(html);
  const loading = [
    'script',
    'link',
    'img',
    'iframe',
    'object',
    'embed',
    'audio',
    'video',
    'base',
    'form',
    'image',
    'use',
  ];
  expect(elements.filter((name) => loading.includes(name))).toEqual([]);
  expect(attributes.filter(({ name }) => /^(src|srcset|action|data|on\w+|xlink:href)$/.test(name))).toEqual([]);
  expect(attributes.filter(({ name }) => name === 'href').map(({ value }) => value)).toEqual([
    'http://127.0.0.1:8233/namespaces/default',
  ]);
  expect(html.match(/url\([^#][^)]*\)|@import|@font-face/g)).toBeNull();
});

test('a link that is no web address is not one', () => {
  const { elements } = pageOf({ ...plannedFailback, webUi: 'javascript:alert(1)' });
  expect(elements).not.toContain('a');
});

test.each(Object.entries(scenarios))('%s: its verdict, and everything that needs attention, come first', (_, input) => {
  const report = buildReport(input);
  const { text } = read(renderHtml(report));
  const plain = text.replace(/\s+/g, ' ');
  const timeline = plain.indexOf('Timeline ') === -1 ? plain.length : plain.indexOf('Timeline ');
  expect(plain.indexOf(report.verdict.replaceAll('-', ' '))).toBeLessThan(timeline);
  for (const { what } of report.needsAttention) {
    const at = plain.indexOf(what.replace(/\s+/g, ' '));
    expect(at).toBeGreaterThan(-1);
    expect(at).toBeLessThan(timeline);
  }
  for (const tile of ['Recovery time (RTO)', 'Downtime', 'Data loss (RPO)', 'Estimate']) {
    expect(plain.indexOf(tile)).toBeGreaterThan(-1);
    expect(plain.indexOf(tile)).toBeLessThan(timeline);
  }
});

/** Keys under which people, programs and networks have written. */
const written = [
  'summary',
  'reason',
  'by',
  'comment',
  'prompt',
  'saw',
  'because',
  'title',
  'description',
  'requestedBy',
];

const replaced = (input: ReportInput, text: string): ReportInput =>
  JSON.parse(JSON.stringify(input), (key, value: unknown) => (written.includes(key) ? text : value)) as ReportInput;

test('no text from outside adds an element or an attribute', () => {
  const hostile = `</td></style></title><script>alert(1)</script><img src=x onerror="alert(1)">'"&lt;--><svg/onload=alert(1)>`;
  for (const input of [plannedFailback, rolledBack, unplannedFailover]) {
    const refusal = (name: string): RunEvent => ({
      at: '2026-11-21T10:00:00Z',
      kind: 'message-refused',
      name,
      because: name,
    });
    const pages = ['x'.repeat(hostile.length), hostile].map((text) => {
      const { events, ...rest } = replaced(input, text);
      return pageOf({ ...rest, events: [...events, refusal(text)] });
    });
    expect(pages[1]?.elements).toEqual(pages[0]?.elements);
    expect(pages[1]?.attributes.map(({ name }) => name)).toEqual(pages[0]?.attributes.map(({ name }) => name));
    expect(pages[1]?.text).toContain('<script>alert(1)</script>');
  }
});

test('no text hides, or turns the direction of what is beside it', () => {
  const { text } = pageOf(replaced(plannedFailback, 'ok\u202E\u2066evil\u200B\u0007\uFEFF\uD800'));
  expect(text).toContain('okevil\uFFFD');
  expect(text).not.toMatch(/[\u202E\u2066\u200B\u0007\uFEFF]/);
});

test('machine time stands apart from that of people, and both from the clock', () => {
  const { text } = pageOf(plannedFailback);
  expect(text).toContain('Time: 3.5 s machines, 1 min 30 s people, 2 s windows and TTLs, 100 ms the orchestrator');
});

test('a run stands beside those of its operation that ended before', () => {
  const earlier = (runId: string, workSeconds: number) =>
    ({
      ...{ workflowId: `failback/${runId}`, runId, operation: 'failback', verdict: 'completed' },
      ...{ startedAt: '2026-10-01T10:00:00.000Z', finishedAt: '2026-10-01T10:02:00.000Z' },
      measured: { size: { steps: 15, workloads: 2, volumes: 1, bytes: 0 }, workSeconds, interruptionSeconds: 2 },
    }) as unknown as NonNullable<ReportInput['earlier']>[number];
  const drill = { ...earlier('of-another-operation', 50), operation: 'drill' } as const;
  const self = { ...earlier('run-1', 50) };
  const { text } = pageOf({ ...plannedFailback, earlier: [self, earlier('a', 7), drill, earlier('b', 7)] });
  expect(text).toContain('Its work took 51 % less time than the median of those before it, 7 s.');
  expect(text).toContain('failback/a');
  expect(text).not.toContain('of-another-operation');
});
