import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LocalProcess, WorkloadSpec } from '../../../core/model/workload';
import type { SiteFolder } from '../site-folder';
import { markVariable } from './instance';

/** What a workload may inherit from the worker. Everything else could be a secret. */
const inherited = ['PATH', 'HOME', 'LANG'] as const;

export interface EnvironmentRequest {
  readonly folder: SiteFolder;
  readonly group: string;
  readonly workload: WorkloadSpec;
  readonly local: LocalProcess;
  readonly epoch: number;
  readonly mark: string;
}

/** Environment of the process. The folder of each volume that it writes is made when it is missing. */
export async function processEnvironment(request: EnvironmentRequest): Promise<Record<string, string>> {
  const { folder, group, workload, local, epoch, mark } = request;
  const kept = inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const volumes = workload.volumes.map((volume) => [volumeVariable(volume), folder.volumeData(group, volume)] as const);
  for (const [, data] of volumes) await mkdir(data, { recursive: true });
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    ...local.env,
    // After the runbook's own, so that no runbook can make a workload look at another fence.
    SWITCHBACK_GROUP: group,
    SWITCHBACK_SITE: folder.site.name,
    SWITCHBACK_ADDRESS: folder.site.address,
    SWITCHBACK_PORT: String(local.port),
    SWITCHBACK_EPOCH: String(epoch),
    SWITCHBACK_FENCE_FILE: folder.fenceFile(group),
    SWITCHBACK_ISOLATED_MARKER: folder.isolatedMarker,
    ...Object.fromEntries(volumes),
    [markVariable]: mark,
  };
}

/** Volume "order-log" is SWITCHBACK_VOLUME_ORDER_LOG. */
function volumeVariable(volume: string): string {
  return `SWITCHBACK_VOLUME_${volume.toUpperCase().replaceAll('-', '_')}`;
}

/** The command with "node" and the files of the runbook's folder in full. */
export async function resolveCommand(command: readonly string[], runbookFolder: string): Promise<readonly string[]> {
  const [program = '', ...args] = command;
  const resolved = await Promise.all(args.map(async (argument) => inFolder(argument, runbookFolder)));
  return [program === 'node' ? process.execPath : await inFolder(program, runbookFolder), ...resolved];
}

async function inFolder(word: string, folder: string): Promise<string> {
  if (word === '' || word.startsWith('-') || path.isAbsolute(word)) return word;
  const file = path.resolve(folder, word);
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? file : word;
}
