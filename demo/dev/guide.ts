import { span, type Line } from '../../cli/terminal/line';
import { answerCommand } from '../../cli/views/answer-command';
import type { ProtectionState } from '../../core/model/protection';
import type { WaitingFor } from '../../core/model/run';
import type { Runbook } from '../../core/model/runbook';
import type { OperationForm } from './forms';

/** Where things are in a running installation. */
export interface Whereabouts {
  readonly home: string;
  readonly address: string;
  readonly namespace: string;
  readonly uiAddress?: string;
  readonly metrics?: string;
  readonly runbookFile: string;
  readonly shop: string;
}

const label = (text: string): string => `  ${text.padEnd(15)}`;
const pair = (name: string, text: string): Line => [span(label(name), 'dim'), span(text)];

/** The addresses, once. */
export const whereaboutsLines = (where: Whereabouts): readonly Line[] => [
  [],
  pair('Web UI', where.uiAddress ?? `of the server at ${where.address}`),
  pair('Temporal', `${where.address}, namespace ${where.namespace}`),
  ...(where.metrics === undefined ? [] : [pair('metrics', where.metrics)]),
  pair('shop', where.shop),
  pair('runbook', where.runbookFile),
  pair('kept in', `${where.home}, where the next \`npm run dev\` goes on`),
];

/** Names of the sites by role, and what the group is now. */
export function stateLine(runbook: Runbook, { group, phase, activeSite, epoch, incomplete }: ProtectionState): Line {
  const stopped = incomplete ? `; ${incomplete.workflowId} stopped: ${incomplete.because}` : '';
  return [
    span(`${group} is ${phase}`, 'bold'),
    span(`, active site ${runbook.sites[activeSite].name}, epoch ${epoch}${stopped}`),
  ];
}

/** How to start what can be started now, at the command line and in the Web UI; failback in any case, the rest by name. */
export const formLines = (forms: readonly OperationForm[], commandPrefix: string): readonly Line[] =>
  forms.flatMap((form) => [[], ...oneForm(form, commandPrefix)]);

function oneForm(form: OperationForm, commandPrefix: string): readonly Line[] {
  const { operation, notNow, workflowId, taskQueue, workflowType, input, command } = form;
  if (notNow !== undefined && operation !== 'failback') return [[span(`${operation}, not now: ${notNow}`, 'dim')]];
  const when = notNow === undefined ? span(', possible now', 'green') : span(`, not now: ${notNow}`, 'dim');
  return [
    [span(operation, 'bold'), when],
    [span(`  ${commandPrefix}${command}`, 'cyan')],
    [span('  or in the Web UI, Start Workflow:', 'dim')],
    pair('Workflow ID', workflowId),
    pair('Task Queue', taskQueue),
    pair('Workflow Type', workflowType),
    pair('Input (JSON)', JSON.stringify(input)),
  ];
}

/** What a run waits for, and how to give it, at the command line and in the Web UI. */
export const questionLines = (
  workflowId: string,
  questions: readonly WaitingFor[],
  commandPrefix: string,
): readonly Line[] =>
  questions.flatMap(({ name, prompt, opensAt, answers }) => [
    [span('◆ ', 'magenta'), span(`waits at ${name}`, 'bold'), span(opensAt === undefined ? '' : ` until ${opensAt}`)],
    [span(`  ${prompt}`)],
    ...answers.flatMap((answer): readonly Line[] => [
      [span(`  ${commandPrefix}npx ${answerCommand(workflowId, answer)}`, 'cyan')],
      [span(`  or in the Web UI, Send an Update ${answer.message}: ${JSON.stringify(answer.payload)}`, 'dim')],
    ]),
  ]);
