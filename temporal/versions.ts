import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Connection } from '@temporalio/client';

const requireHere = createRequire(__filename);

/** What the caller runs by, and the server that it speaks with: name and version. What does not answer is left out. */
export async function versionsOf(connection: Connection): Promise<Readonly<Record<string, string>>> {
  const [own, sdk, server] = await Promise.all([
    versionIn(path.join(__dirname, '..', 'package.json')),
    versionIn(requireHere.resolve('@temporalio/common/package.json')),
    connection.workflowService.getSystemInfo({}).then(
      ({ serverVersion }) => serverVersion,
      () => undefined,
    ),
  ]);
  return {
    Switchback: own,
    'Node.js': process.versions.node,
    'Temporal SDK': sdk,
    ...(server && { 'Temporal server': server }),
  };
}

async function versionIn(file: string): Promise<string> {
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { readonly version: string };
  return version;
}
