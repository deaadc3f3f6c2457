import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Runbook } from '../../core/model/runbook';
import type { LocalSite } from '../../core/model/site';
import { formatDiagnostic } from '../../core/runbook/diagnostic';
import { parseRunbook } from '../../core/runbook/parse-runbook';
import { SwitchbackFailure } from '../../core/model/failure';
import { freePorts } from './free-ports';

const fileName = 'shop.yaml';
const template = path.join(__dirname, '..', '..', 'runbooks', fileName);

/** Ports as runbooks/shop.yaml writes them: three of the tiers, and two of the name server. */
const written = { tiers: [7101, 7102, 7103], dns: '127.0.0.1:5353', api: ':5380' } as const;

export interface NameServerPorts {
  readonly dnsPort: number;
  readonly apiPort: number;
}

/** The addresses that the sites of runbooks/shop.yaml, and copies of drills, live on. */
export async function shopAddresses(): Promise<readonly string[]> {
  const { primary, recovery } = parse(await readFile(template, 'utf8'), template).sites;
  return [primary, recovery].flatMap(({ address, drill }) => [address, ...(drill ? [drill.address] : [])]);
}

/** Puts runbooks/shop.yaml into the folder, with ports that are free now, so that several labs can run side by side. */
export async function placeRunbook(
  folder: string,
  dns: NameServerPorts,
  edit: (yaml: string) => string,
): Promise<Runbook> {
  const ports = await freePorts(written.tiers.length);
  let yaml = await readFile(template, 'utf8');
  for (const [index, port] of written.tiers.entries()) yaml = yaml.replaceAll(String(port), String(ports[index]));
  yaml = edit(yaml.replace(written.dns, `127.0.0.1:${dns.dnsPort}`).replace(written.api, `:${dns.apiPort}`));
  const file = path.join(folder, fileName);
  await writeFile(file, yaml);
  return parse(yaml, file);
}

/** The runbook that an earlier session placed there, as it is now; undefined when there is none. */
export async function placedRunbook(folder: string): Promise<Runbook | undefined> {
  const file = path.join(folder, fileName);
  const yaml = await readFile(file, 'utf8').catch(() => undefined);
  return yaml === undefined ? undefined : parse(yaml, file);
}

/** Where the runbook says that the name server is. */
export function nameServerPorts(runbook: Runbook): NameServerPorts {
  const provider = runbook.traffic[0]?.provider;
  if (provider?.driver !== 'local') throw new Error('the shop has no record at a local name server');
  return { dnsPort: Number(provider.server.split(':').at(-1)), apiPort: Number(new URL(provider.api).port) };
}

export function localSites({ sites }: Runbook): { readonly alpha: LocalSite; readonly beta: LocalSite } {
  const { primary, recovery } = sites;
  if (primary.driver !== 'local' || recovery.driver !== 'local') throw new Error('the sites of the shop are not local');
  return { alpha: primary, beta: recovery };
}

function parse(yaml: string, file: string): Runbook {
  const parsed = parseRunbook(yaml, file);
  if (parsed.ok) return parsed.runbook;
  throw new SwitchbackFailure('InvalidRunbook', parsed.diagnostics.map(formatDiagnostic).join('\n'), { file });
}
