import { Document } from 'yaml';
import type { FoundWorkload, NamespaceInventory } from '../model/namespace-inventory';
import { isDnsName } from '../runbook/schema/addresses';
import { checksOf } from './checks';
import { dependenciesOf } from './dependencies';
import { workloadNames } from './draft-names';
import { draftSites, type DraftSite, type SitesRequest } from './draft-sites';
import {
  draftWorkload,
  remarksAbove,
  remarksOnDependencies,
  type DraftWorkload,
  type WorkloadFacts,
} from './draft-workload';
import { volumesOf, type DraftVolume } from './draft-volumes';
import { listing } from './listing';
import { entrancesOf, siteOf } from './outside';
import { prioritiesOf } from './priorities';
import { referencesIn } from './references';
import { comment, Remarks, review } from './remarks';

export interface DraftRequest extends SitesRequest {
  readonly group: string;
}

export interface RunbookDraft {
  /** YAML. Everything that was guessed is marked by a comment that begins with "review:". */
  readonly text: string;
  readonly workloads: readonly DraftWorkload[];
}

/** Writes a runbook for what was found in a namespace. */
export function draftRunbook(request: DraftRequest): RunbookDraft {
  const { group } = request;
  const [nameable, nameless] = parted(request.inventory.workloads);
  const inventory = { ...request.inventory, workloads: nameable };
  const { facts, elsewhere } = factsOf(inventory);
  const sites = draftSites({ ...request, inventory, moved: facts.some((one) => one.volumes.length > 0) });
  const workloads = facts.map(draftWorkload);
  const volumes = facts.flatMap((one) => one.volumes);
  const document = new Document({
    switchback: 1,
    group,
    description: `What runs in the namespace ${inventory.namespace}`,
    objectives: { rpo: '1m', rto: '15m' },
    sites: { primary: sites.primary.site, recovery: sites.recovery.site },
    workloads,
    ...(volumes.length > 0 && { volumes }),
  });
  const remarks = new Remarks(document);
  document.commentBefore = comment(
    `Drafted by \`switchback init\` from the namespace ${inventory.namespace} of the context ${inventory.context}.`,
    'What was guessed is marked "review:", with why. Take a mark away when you have looked at it.',
  );
  remarks.above(['description'], review('what is the application, in words of those who run it?'));
  remarks.above(['objectives'], review('what was promised? These are examples'));
  remarks.inOneLine(['objectives']);
  for (const role of ['primary', 'recovery'] as const) remarkSite(remarks, role, sites[role]);
  remarks.emptyLineAbove(['sites']);
  remarks.emptyLineAbove(['workloads']);
  remarks.above(['workloads'], ...aboutAll(facts));
  facts.forEach((one, index) => remarkWorkload(remarks, index, one));
  if (volumes.length > 0) remarkVolumes(remarks, volumes);
  const unmoved = inventory.claims.filter(({ name }) => !volumes.some(({ kubernetes }) => kubernetes.claim === name));
  const rest = listing({ ...inventory, claims: unmoved }, elsewhere, nameless);
  if (rest.length > 0) document.comment = comment('What else is in the namespace', ...rest);
  return { text: document.toString({ lineWidth: 0 }), workloads };
}

/** Kubernetes allows names with parts of any length, the runbook language those that DNS allows. */
function parted(all: readonly FoundWorkload[]): readonly [readonly FoundWorkload[], readonly FoundWorkload[]] {
  return [all.filter(({ name }) => isDnsName(name)), all.filter(({ name }) => !isDnsName(name))];
}

function factsOf(inventory: NamespaceInventory) {
  const entrances = entrancesOf(inventory);
  const place = siteOf(entrances);
  const here = entrances.filter((one) => one.place === place);
  const outside = new Set(entrances.map(({ workload }) => workload));
  const { kept, leftOut } = dependenciesOf(referencesIn(inventory), outside);
  const priorities = prioritiesOf(inventory.workloads, kept);
  const names = workloadNames(inventory.workloads);
  const volumes = volumesOf(inventory);
  const ofWorkload = (workload: FoundWorkload): WorkloadFacts => ({
    workload,
    names,
    priority: priorities.get(workload) ?? { priority: 1, because: 'nothing is known of it' },
    dependencies: kept.filter(({ from }) => from === workload),
    leftOut: leftOut.filter(({ reference }) => reference.from === workload),
    checks: checksOf(workload, here),
    volumes: volumes.get(workload) ?? [],
  });
  return {
    facts: inventory.workloads.map(ofWorkload).sort((one, other) => one.priority.priority - other.priority.priority),
    elsewhere: entrances.filter((one) => one.place !== place),
  };
}

function aboutAll(facts: readonly WorkloadFacts[]): readonly string[] {
  const unchecked = facts.filter(({ checks }) => checks.length === 0).length;
  return [
    'Those of a later priority start later, and stop first. `dependsOn` says what must be healthy before.',
    ...(unchecked === 0
      ? []
      : [
          review(
            `${unchecked} of ${facts.length} are without checks, since nothing leads to them from outside: they count as healthy when their pods are Ready`,
          ),
        ]),
  ];
}

function remarkSite(remarks: Remarks, role: 'primary' | 'recovery', site: DraftSite): void {
  for (const [key, paragraphs] of Object.entries(site.remarks)) {
    if (paragraphs.length > 0) remarks.above(['sites', role, key], ...paragraphs);
  }
  remarks.inOneLine(['sites', role, 'kubernetes']);
}

function remarkVolumes(remarks: Remarks, volumes: readonly DraftVolume[]): void {
  remarks.emptyLineAbove(['volumes']);
  remarks.above(
    ['volumes'],
    review('the claims have to be at the other site too, by the same names; `stage:` makes them there'),
  );
  volumes.forEach((_, index) => remarks.inOneLine(['volumes', index, 'kubernetes']));
}

function remarkWorkload(remarks: Remarks, index: number, facts: WorkloadFacts): void {
  const place = ['workloads', index];
  const above = remarksAbove(facts);
  if (above.length > 0) remarks.above(place, ...above);
  if (index > 0) remarks.emptyLineAbove(place);
  remarks.beside([...place, 'priority'], review(facts.priority.because));
  remarks.inOneLine([...place, 'kubernetes']);
  if (facts.volumes.length > 0) remarks.inOneLine([...place, 'volumes']);
  if (facts.dependencies.length > 0) {
    remarks.above([...place, 'dependsOn'], ...remarksOnDependencies(facts));
    remarks.inOneLine([...place, 'dependsOn']);
  }
  facts.checks.forEach(({ because, check }, at) => {
    remarks.above([...place, 'checks', at], review(because));
    remarks.inOneLine([...place, 'checks', at, 'http' in check ? 'http' : 'tcp']);
  });
}
