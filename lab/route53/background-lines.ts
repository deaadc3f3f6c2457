import { alive, type Route53State } from '../lab-state';
import { route53Settings } from './route53-settings';

/** What a person is told of Route 53 in the background: whether it runs, what to export, and how to make a zone. */
export function route53Lines(state: Route53State): readonly string[] {
  if (state.kind === 'missing') return [`Route 53 is left out: ${state.why}`];
  const { endpoint, nameServer, processes } = state;
  const runs = `${alive(processes).length} of ${processes.length} processes run`;
  return [
    `Route 53 at ${endpoint}: ${runs}; its name server is ${nameServer}`,
    ...Object.entries(route53Settings(endpoint)).map(([name, value]) => `export ${name}=${value}`),
    'hosted zones with the records of runbooks: npm run lab -- zones RUNBOOK...',
  ];
}
