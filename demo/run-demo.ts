import { span } from '../cli/terminal/line';
import type { Terminal } from '../cli/terminal/terminal';
import { disasterCircle, plannedCircle } from './circle/circle';
import type { DoneOperation } from './circle/operation';
import type { Stage } from './circle/stage';
import { conclude } from './conclusion/conclude';
import { namedLoss } from './conclusion/evidence';
import { proofLines, type NamedProof } from './conclusion/proof-lines';
import { CustomersView } from './screen/customers-line';
import type { Screen } from './screen/screen';
import { everyAcknowledgedOrderOnceInOrder, exactlyTheNamedOrdersAreLost, neverTwoLedgersAtOnce } from './shop/proofs';
import { requireLoopbackAddresses } from './lab/loopback-addresses';
import { shopAddresses } from './lab/shop-runbook';
import type { InHome } from './stack/run-in-home';
import { neededProcesses, whileTheyRun, workerEnds } from './stack/while-they-run';
import { withStack, type Stack } from './stack/stack';

export interface DemoParts extends InHome {
  readonly screen: Screen;
  readonly terminal: Terminal;
  /** Folders that earlier demos left. */
  readonly earlier: readonly string[];
  readonly json: boolean;
  /** When it was started, in milliseconds since 1970. */
  readonly begun: number;
}

const ordersPerSecond = 50;
/** A record that is forgotten after 2 s instead of 5: each move waits for that long before it begins. */
const shorterTtl = (yaml: string): string => yaml.replace('ttl: 5s', 'ttl: 2s');

/** The demo from its start to its exit code. */
export async function runDemo(parts: DemoParts): Promise<number> {
  const { home, screen, begun } = parts;
  const say = (text: string): void =>
    screen.say([span(`${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  `, 'dim'), span(text)]);
  await requireLoopbackAddresses(await shopAddresses());
  screen.say([span('Switchback demo', 'bold'), span(`: a shop on two sites, kept in ${home.folder}`)], []);
  return withStack(
    {
      ...{
        home: home.folder,
        continued: false,
        standardPorts: false,
        passing: true,
        ordersPerSecond,
        editRunbook: shorterTtl,
        say,
      },
      labReady: (_lab, { acknowledgements }) => {
        const view = new CustomersView(acknowledgements);
        screen.show(() => [view.line(Date.now())]);
        return home.completed();
      },
    },
    (stack) => whileTheyRun(neededProcesses(stack), Promise.race([circles(parts, stack), workerEnds(stack.worker)])),
  );
}

async function circles(parts: DemoParts, stack: Stack): Promise<number> {
  const { screen, signal } = parts;
  const { lab, customers, session, state, temporal } = stack;
  const { acknowledgements } = customers;
  const view = new CustomersView(acknowledgements);
  const stage: Stage = {
    ...{ session, screen, acknowledgements, signal },
    customersLine: () => view.line(Date.now()),
  };
  const address = `TEMPORAL_ADDRESS=${temporal.address}`;
  screen.say([], [span('to look on from another terminal:')], [span(`  ${address} npx switchback status`, 'cyan')]);

  heading(screen, 'First circle: planned');
  const planned = await plannedCircle({ stage, lab, state });
  const complete = await provePlanned(stack);
  screen.say(...proofLines(complete));

  heading(screen, 'Second circle: a disaster');
  const { failover, done: unplanned } = await disasterCircle({ stage, lab, state });
  await customers.stop();
  const lost = await proveLoss(stack, failover);
  const single = { claim: 'never two ledgers at once', ...neverTwoLedgersAtOnce(acknowledgements) };
  screen.say(...proofLines(lost), ...proofLines(single));

  return conclude(parts, {
    done: [...planned, ...unplanned],
    proofs: [complete, lost, single],
    lostOrders: lost.orders,
    seconds: (Date.now() - parts.begun) / 1000,
  });
}

/** Compares what customers were told until now with the log, which goes on growing. */
async function provePlanned({ customers, lab }: Stack): Promise<NamedProof> {
  const told = [...customers.acknowledgements];
  const proof = everyAcknowledgedOrderOnceInOrder(told, await lab.orderLog(lab.sites.alpha));
  return { claim: 'every acknowledged order is there, in order, once', ...proof };
}

async function proveLoss(
  { customers, lab }: Stack,
  failover: DoneOperation,
): Promise<NamedProof & { readonly orders: number }> {
  const told = customers.acknowledgements;
  const named = namedLoss(failover.report);
  const proof = exactlyTheNamedOrdersAreLost(told, await lab.orderLog(lab.sites.alpha), named);
  const orders = told.filter(({ epoch, seq }) => epoch <= named.epoch && seq >= named.fromRecord).length;
  return { claim: 'exactly the orders that the report names are lost', ...proof, orders };
}

function heading(screen: Screen, text: string): void {
  screen.say([], [span(text, 'bold')], []);
}
