import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { dataConverter } from '../../../temporal/data-converter';
import { traceSinks } from '../../../workers/telemetry/workflow-spans';
import { workflowBundle } from '../../../workers/workflow-bundle';
import { tinyRunbook } from '../workflows/tiny-runbook';
import { startMonitoringLab, type MonitoringLab, type ScrapedWorker } from './monitoring-lab';
import { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from './trace-receiver';

/** A planned failover, started at a command line that is traced, by a worker that logs JSON and is traced as well. */
let lab: MonitoringLab;
let worker: ScrapedWorker;
let receiver: TraceReceiver;
let run: string;

beforeAll(async () => {
  [lab, receiver] = await Promise.all([startMonitoringLab(tinyRunbook()), startTraceReceiver()]);
  const traced = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  worker = await lab.worker({ ...traced, SWITCHBACK_LOG: 'json' });
  await receiver.until((spans) => passesIn(spans).length > 2);
  const started = await lab.cli(['run', 'failover', 'tiny', '--watch', '--json'], traced);
  [run = ''] = /failover\/tiny\/[\w-]+/.exec(started) ?? [];
});
afterAll(() => Promise.all([lab?.stop(), receiver?.stop()]));

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan | undefined =>
  spans.find((span) => span.name === name);
const passesIn = (spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] =>
  spans.filter(({ name }) => name === 'RunActivity:replicate');
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('one trace leads from the command line through workflow and activity to the driver', async () => {
  const spans = await receiver.until(
    (seen) => Boolean(named(seen, 'RunWorkflow:failover')) && Boolean(named(seen, 'RunActivity:releaseGroup')),
  );
  const [start, workflow] = [named(spans, 'StartWorkflow:failover'), named(spans, 'RunWorkflow:failover')];
  const step = 'stop-workload/store@north';
  const activity = spans.find(({ attributes }) => attributes['switchback.step'] === step);
  const driver = spans.find(
    ({ parentSpanId, name }) => parentSpanId === activity?.spanId && name.startsWith('memory.'),
  );

  expect([start?.service, workflow?.service]).toEqual(['switchback', 'switchback-worker']);
  expect([start?.parentSpanId, workflow?.parentSpanId]).toEqual([undefined, start?.spanId]);
  expect([activity?.name, activity?.parentSpanId]).toEqual(['RunActivity:stop-workload', workflow?.spanId]);
  expect(driver?.name).toBe('memory.workload.stop');
  expect(new Set([start, workflow, activity, driver].map((span) => span?.traceId)).size).toBe(1);

  const runId = String(workflow?.attributes['switchback.run_id']);
  const ofStep = {
    'switchback.group': 'tiny',
    'switchback.site': 'north',
    'switchback.operation_key': `${runId}/${step}`,
  };
  expect(activity?.attributes).toMatchObject({ ...ofStep, 'switchback.operation': 'failover' });
  expect(driver?.attributes).toMatchObject({ ...ofStep, 'switchback.epoch': 1 });
  expect(workflow?.attributes).toMatchObject({ 'switchback.run': run, 'switchback.group': 'tiny' });
  // The workflow tells its span itself, by its own clock.
  expect(workflow?.startMs).toBeLessThanOrEqual(activity?.startMs ?? NaN);
  expect(workflow?.endMs).toBeGreaterThan(workflow?.startMs ?? NaN);
});

test('the history of a traced run replays, and so it does as the history of one that was not', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const history = await lab.client.workflow.getHandle(run).fetchHistory();
  const options = { workflowBundle: await workflowBundle(), dataConverter, sinks: traceSinks(undefined) };
  const traced = historyToJSON(history);
  expect(traced.includes('"_tracer-data"')).toBe(true);
  await Worker.runReplayHistory(options, JSON.parse(traced), run);
  await Worker.runReplayHistory(options, JSON.parse(traced.replaceAll('"_tracer-data"', '"unread"')), run);
});

test('what goes on for ever hands no trace on: each pass of replication has its own', () => {
  const passes = passesIn(receiver.spans);
  expect(passes.length).toBeGreaterThan(2);
  expect(new Set(passes.map(({ traceId }) => traceId)).size).toBe(passes.length);
});

test('a worker logs one JSON object a line; those of a step say which run, step and site they are of', async () => {
  const lines = (await worker.log())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  for (const line of lines) {
    expect(line).toMatchObject({
      time: expect.stringMatching(isoInstant),
      level: expect.any(String),
      message: expect.any(String),
    });
  }
  expect(lines.find(({ activity }) => activity === 'stop-workload')).toMatchObject({
    level: 'info',
    message: expect.stringMatching(/^step done: stop /),
    run,
    step: expect.stringMatching(/^stop-workload\//),
    site: 'north',
    group: 'tiny',
    operation: 'failover',
    attempt: 1,
    seconds: expect.any(Number),
    trace_id: named(receiver.spans, 'StartWorkflow:failover')?.traceId,
  });
  // The worker itself and the SDK, in the same form.
  expect(lines.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^worker \d+ serves /));
  expect(lines).toContainEqual(
    expect.objectContaining({ component: 'worker', task_queue: 'switchback-site-north', site: 'north' }),
  );
});
