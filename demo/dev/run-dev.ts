import path from 'node:path';
import { span, type Line } from '../../cli/terminal/line';
import { shellQuoted } from '../../cli/views/answer-command';
import { printJsonLine } from '../../cli/terminal/print';
import type { Terminal } from '../../cli/terminal/terminal';
import { requireLoopbackAddresses } from '../lab/loopback-addresses';
import { shopAddresses } from '../lab/shop-runbook';
import { CustomersView } from '../screen/customers-line';
import type { Screen } from '../screen/screen';
import type { InHome } from '../stack/run-in-home';
import { withStack, type Stack } from '../stack/stack';
import { standardAddress } from '../stack/temporal';
import { neededProcesses, whileTheyRun } from '../stack/while-they-run';
import { followGroup, type GroupNews } from './follow-group';
import { operationForms } from './forms';
import { formLines, questionLines, stateLine, whereaboutsLines, type Whereabouts } from './guide';
import { keepWorker } from './keep-worker';

export interface DevParts extends InHome {
  readonly screen: Screen;
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** Few enough for a day's ledger to stay small, enough to see an interruption of 0.2 s. */
const ordersPerSecond = 10;
/** Without a live view, how often it is said what customers see. */
const customersEveryMs = 30_000;

/** Keeps everything running until it is interrupted. */
export async function runDev(parts: DevParts): Promise<number> {
  const { home, screen } = parts;
  await requireLoopbackAddresses(await shopAddresses());
  const how = home.continued ? 'goes on where it was' : 'begins anew';
  screen.say([span('Switchback dev', 'bold'), span(` ${how}; ctrl-c stops all of it`)], []);
  return withStack(
    {
      ...{ home: home.folder, continued: home.continued, standardPorts: true, passing: false, ordersPerSecond },
      say: (text) => screen.say([span(text)]),
      labReady: (_lab, { acknowledgements }) => {
        showCustomers(screen, new CustomersView(acknowledgements));
        return home.completed();
      },
    },
    (stack) => serve(parts, stack),
  );
}

function showCustomers(screen: Screen, view: CustomersView): void {
  screen.show(() => [[], view.line(Date.now())]);
  if (!screen.live) setInterval(() => screen.say(view.line(Date.now())), customersEveryMs);
}

async function serve({ screen, terminal, signal, json, home }: DevParts, stack: Stack): Promise<never> {
  const { lab, worker, temporal, metrics } = stack;
  const where = whereabouts(stack, home.folder);
  screen.say(...whereaboutsLines(where), ...disasterLines(stack, home.folder), []);
  if (json) printJsonLine(terminal, { ...where, forms: operationForms(lab.runbook, await stack.state(), now()) });
  const news = groupNews(screen, stack);
  const workerOptions = {
    ...{ home: home.folder, runbookFolder: lab.runbookFolder, env: temporal.env },
    ...(metrics !== undefined && { metrics }),
  };
  return whileTheyRun(
    neededProcesses(stack),
    Promise.race([
      followGroup(stack, news, signal),
      keepWorker(worker, { ...workerOptions, signal, say: (text) => screen.say([span('! ', 'yellow'), span(text)]) }),
    ]),
  );
}

function groupNews(screen: Screen, { lab: { runbook }, temporal }: Stack): GroupNews {
  const prefix = prefixOf(temporal.address);
  return {
    changed: (lines) => screen.say([], ...lines),
    asked: (workflowId, questions) => screen.say([], ...questionLines(workflowId, questions, prefix)),
    idle: (state) =>
      screen.say(stateLine(runbook, state), ...formLines(operationForms(runbook, state, now()), prefix), []),
  };
}

const now = (): string => new Date().toISOString();

/** The command line looks for the server where servers usually are. */
const prefixOf = (address: string): string => (address === standardAddress ? '' : `TEMPORAL_ADDRESS=${address} `);

function whereabouts({ temporal, lab, metrics }: Stack, home: string): Whereabouts {
  const { address, namespace, uiAddress } = temporal;
  const [record] = lab.runbook.traffic;
  return {
    ...{ home, address, namespace },
    ...(uiAddress !== undefined && { uiAddress }),
    ...(metrics !== undefined && { metrics: `http://${metrics}/metrics` }),
    runbookFile: path.join(lab.runbookFolder, `${lab.runbook.group}.yaml`),
    shop: `${record?.name ?? ''}:${lab.webPort}, name server 127.0.0.1:${lab.dns.dnsPort}`,
  };
}

/** How to lose a site, and to get it back. */
function disasterLines({ lab }: Stack, home: string): readonly Line[] {
  const { alpha } = lab.sites;
  const command = (verb: string): Line => [
    span(`  npm run -s dev -- ${verb} ${alpha.name} --home ${shellQuoted(home)}`, 'cyan'),
  ];
  return [
    [],
    [span(`to lose ${alpha.name}, and to get it back, in another terminal:`)],
    command('disaster'),
    command('reconnect'),
  ];
}
