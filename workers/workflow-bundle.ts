import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
const folder = path.join(root, 'node_modules', '.cache', 'switchback');
/** All that the workflows may import, by the dependency rule; the lockfile stands for the packages. */
const sources = [
  'workflows',
  'core/model',
  'core/running',
  'core/report',
  'activities/contract.ts',
  'package-lock.json',
];

let bundled: Promise<{ code: string }> | undefined;

/**
 * The workflows as one script. Bundling takes seconds, so the result is kept beside the installed packages under a hash of
 * everything that goes into it; where that folder cannot be written, it is bundled each time.
 */
export function workflowBundle(): Promise<{ code: string }> {
  bundled ??= bundleOrReuse();
  return bundled;
}

async function bundleOrReuse(): Promise<{ code: string }> {
  const file = await bundleFile();
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return { code: kept };
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'workflows', 'index.ts'),
    workflowInterceptorModules: ['query-guard.ts', 'trace-context.ts'].map((file) =>
      path.join(root, 'workflows', file),
    ),
    logger: new DefaultLogger('WARN'),
  });
  await keep(file, code).catch(() => undefined);
  return { code };
}

/** Whether `workflowBundle` has nothing to do. Loads neither the bundler nor the worker. */
export async function isBundleKept(): Promise<boolean> {
  return access(await bundleFile()).then(
    () => true,
    () => false,
  );
}

const bundleFile = async (): Promise<string> => path.join(folder, `workflows-${await sourceHash()}.js`);

async function keep(file: string, code: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, file);
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesUnder(path.join(root, source))) {
      hash
        .update(path.relative(root, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 24);
}

async function filesUnder(place: string): Promise<readonly string[]> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (entries === undefined) return [place];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
