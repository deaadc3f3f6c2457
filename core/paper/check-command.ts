import type { CheckSpec, Probe } from '../model/check';
import type { SiteSpec } from '../model/site';
import { see, type Block } from './paper';
import { quoted } from './shell';
import { placeAt, sitePaper } from './sites';
import type { PaperContext } from './paper-context';

/** Where a check is asked. */
export interface Asked {
  readonly context: PaperContext;
  readonly site: SiteSpec;
  readonly group: string;
  /** As the shell knows it. */
  readonly epoch: string;
}

/** A check as a command and what it must print. It is tried for as long as the check may take. */
export const checkBlock = (check: CheckSpec, asked: Asked): Block => {
  const { script, shown } = commandOf(check, asked);
  return see(script, shown);
};

interface Question {
  readonly script: string;
  readonly shown: string;
}

function commandOf({ probe, timeoutMs, withinSeconds }: CheckSpec, asked: Asked): Question {
  const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
  const script = question(probe, asked, seconds);
  const passes = `healthy() {\n${script}\n}`;
  const loop = `for try in $(seq ${Math.max(1, Math.ceil(withinSeconds))}); do if healthy > /dev/null 2>&1; then echo healthy; break; fi; sleep 1; done`;
  return { script: `${passes}\n${loop}`, shown: 'healthy' };
}

/** Ends well when the answer is as it must be. */
function question(probe: Probe, { context, site, group, epoch }: Asked, seconds: number): string {
  switch (probe.kind) {
    case 'http': {
      const answer = httpAnswer(probe, site, seconds);
      const wanted = [
        `grep -q '^HTTP/[0-9.]* ${probe.status}' <<< "$ANSWER"`,
        ...(probe.bodyContains === undefined ? [] : [has(`"${filled(probe.bodyContains, site, epoch)}"`)]),
        ...Object.entries(probe.headers ?? {}).map(([name, value]) =>
          has(`"${name}: ${filled(value, site, epoch)}"`, ' -i'),
        ),
      ];
      return [`ANSWER=$(${answer})`, ...wanted].join(' && ');
    }
    case 'tcp':
      return `timeout ${seconds} bash -c ': < /dev/tcp/${site.address}/${probe.port}'`;
    case 'dns':
      return `[ "$(${digCommand(probe.name, probe.type, probe.server)} | sort | xargs)" = ${quoted([...probe.expect].sort().join(' '))} ]`;
    case 'command':
      return probe.command.map(quoted).join(' ');
    case 'checksum': {
      const volume = context.plan.runbook.volumes.find(({ name }) => name === probe.volume);
      if (volume === undefined) return 'false';
      const place = placeAt(context, site, group);
      const paper = sitePaper(site);
      const { open, close } = paper.access(place, volume);
      const read = paper.read(place, volume);
      const test =
        probe.manifest === undefined
          ? `${read} | tar -tf - > /dev/null`
          : `rm -rf by-hand-check && mkdir by-hand-check && ${read} | tar -C by-hand-check -xf - && (cd by-hand-check && sha256sum --check --quiet ${quoted(probe.manifest)})`;
      return [...open, test, 'OK=$?', ...close, '[ "$OK" = 0 ]'].join('\n');
    }
    case 'sql': {
      // Only the name of the variable is known, and only that is printed.
      const password = probe.passwordFrom === undefined ? '' : `PGPASSWORD="$${probe.passwordFrom}" `;
      const connection = `host=${site.address} port=${probe.port} dbname=${probe.database} user=${probe.user} connect_timeout=${seconds}`;
      return `[ "$(${password}psql ${quoted(connection)} -Atc ${quoted(probe.query)} | cut -d '|' -f 1)" = ${quoted(probe.expect)} ]`;
    }
  }
}

function httpAnswer(probe: Extract<Probe, { kind: 'http' }>, site: SiteSpec, seconds: number): string {
  const host = probe.host === undefined ? '' : ` --header ${quoted(`Host: ${probe.host}`)}`;
  return `curl --silent --show-error --include --max-time ${seconds}${host} ${quoted(`http://${site.address}:${probe.port}${probe.path}`)}`;
}

const has = (text: string, flag = ''): string => `grep -q${flag} -F -- ${text} <<< "$ANSWER"`;

/** In double quotes, so that the shell fills in the epoch. */
const filled = (text: string, site: SiteSpec, epoch: string): string =>
  text
    .replaceAll(/["`\\]/g, String.raw`\$&`)
    .replaceAll('${site}', site.name)
    .replaceAll('${epoch}', epoch);

/** What a client is answered, one value a line and without the dot that names end with. */
export function digCommand(name: string, type: string, server?: string): string {
  const [address, port] = server?.split(':') ?? [];
  const at = address === undefined ? '' : ` @${address}${port === undefined ? '' : ` -p ${port}`}`;
  return `dig +short${at} ${name} ${type} | sed 's/\\.$//'`;
}
