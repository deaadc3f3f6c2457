import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../../core/model/failure';
import { writeFileAtomically } from '../../drivers/local/site-folder';
import {
  isAlive,
  ownIdentity,
  readProcessTable,
  type ProcessIdentity,
} from '../../drivers/local/workloads/process-table';
import { endProcessesOf } from './home-processes';

/** What a home is used for. A demo begins anew each time; dev goes on where it was. */
export type HomeKind = 'demo' | 'dev';

interface HomeRecord {
  readonly kind: HomeKind;
  /** The process that uses it now, or used it last. */
  readonly owner: ProcessIdentity;
  /** The lab in it was set up completely. */
  readonly complete: boolean;
}

export interface Home {
  readonly folder: string;
  /** An earlier session is gone on with. */
  readonly continued: boolean;
  /** To be called once the lab is set up: a later session may go on with it. */
  completed(): Promise<void>;
}

const recordName = 'home.json';
/** Everything that is ever made in a home. Nothing else in the folder is touched. */
const contents = [
  ...['lab', 'dns', 'runbooks', 'reports', 'warden.cjs', 'customers.jsonl', 'worker.log'],
  ...['temporal.db', 'temporal.db-shm', 'temporal.db-wal', 'temporal.log', 'temporal-profile.toml'],
];

/**
 * Takes a folder as the home of this process. What a killed session left running there is ended.
 *
 * @throws SwitchbackFailure `InvalidInput` when another process uses it, or it holds things of other origin.
 */
export async function claimHome(folder: string, kind: HomeKind): Promise<Home> {
  await mkdir(folder, { recursive: true });
  const record = await readRecord(folder);
  await refuseForeign(folder, kind, record);
  await endProcessesOf(folder);
  const continued = kind === 'dev' && record?.complete === true;
  if (!continued) for (const name of contents) await rm(path.join(folder, name), { recursive: true, force: true });
  const write = (complete: boolean): Promise<void> =>
    writeFileAtomically(
      path.join(folder, recordName),
      JSON.stringify({ kind, owner: ownIdentity(), complete } satisfies HomeRecord),
    );
  await write(continued);
  return { folder, continued, completed: () => write(true) };
}

async function refuseForeign(folder: string, kind: HomeKind, record: HomeRecord | undefined): Promise<void> {
  const refuse = (because: string): never => {
    throw new SwitchbackFailure('InvalidInput', `${folder} ${because}; choose another folder with --home`, { folder });
  };
  if (record === undefined) {
    const found = (await readdir(folder)).filter((name) => contents.includes(name));
    if (found.length > 0) refuse(`is not empty and no home of a ${kind}: it holds ${found.join(', ')}`);
    return;
  }
  if (isAlive(readProcessTable(), record.owner)) refuse(`is in use by process ${record.owner.pid}`);
  if (record.kind !== kind) refuse(`is the home of a ${record.kind}, not of a ${kind}`);
}

async function readRecord(folder: string): Promise<HomeRecord | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, recordName), 'utf8')) as HomeRecord;
  } catch {
    return undefined;
  }
}

/** Homes that nobody uses now, of the folders there whose names begin so. */
export async function unusedHomes(parent: string, prefix: string): Promise<readonly string[]> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  const table = readProcessTable();
  const homes: string[] = [];
  for (const folder of names.map((name) => path.join(parent, name))) {
    const record = await readRecord(folder);
    if (record && !isAlive(table, record.owner)) homes.push(folder);
  }
  return homes.sort();
}
