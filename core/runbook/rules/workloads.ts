import type { Problem } from '../diagnostic';
import type { Part } from '../part';
import { quote } from '../quote';

/** On local sites each workload says how it is run. */
export function* localProcesses(runbook: Part): Iterable<Problem> {
  const sites = runbook.at('sites');
  const isLocal = ['primary', 'recovery'].some((role) => sites.at(role).at('driver').text === 'local');
  if (!isLocal) return;
  for (const workload of runbook.at('workloads').items) {
    if (!workload.isMap || workload.at('local').present) continue;
    yield workload.problem(
      'MissingKey',
      'the key "local" is missing: the sites are local, and need to know how to run the workload',
    );
  }
}

/** All workloads of a site listen on the one address of the site. */
export function* portConflicts(runbook: Part): Iterable<Problem> {
  const users = new Map<number, Part>();
  for (const workload of runbook.at('workloads').items) {
    const port = workload.at('local').at('port');
    if (port.number === undefined) continue;
    const user = users.get(port.number);
    if (user === undefined) users.set(port.number, workload);
    else {
      const message = `the port ${port.number} is that of the workload ${quote(user.at('name').text ?? '')} already`;
      yield port.problem('PortConflict', message, { first: user.at('local').at('port').path });
    }
  }
}

export function* uncheckedWorkloads(runbook: Part): Iterable<Problem> {
  for (const workload of runbook.at('workloads').items) {
    const name = workload.at('name');
    const checks = workload.at('checks');
    if (name.text === undefined || (checks.present && checks.items.length > 0)) continue;
    yield name.problem('WorkloadUnchecked', `the workload ${quote(name.text)} has no checks`);
  }
}

/** Also finds DB_PASSWORD and api_key; leaves PASSWORD_FILE and TOKEN_TTL alone, which hold no secret. */
const SECRET = /(?:^|_)(?:password|passwd|secret|token|api_?key|private_?key|credentials?)$/i;

export function* secrets(runbook: Part): Iterable<Problem> {
  for (const workload of runbook.at('workloads').items) {
    const env = workload.at('local').at('env');
    for (const key of env.keys) {
      if (!SECRET.test(key) || env.at(key).text === '') continue;
      yield env.at(key).problem('SecretInRunbook', `${quote(key)} looks like a secret`);
    }
  }
}
