import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import type { HealthFinding, SiteHealth } from '../../../core/model/site';
import type { SiteFolder } from '../site-folder';
import { addressFix, listenAt } from './port-probe';

const neededMiB = 256;

/** Contract: drivers/ports.ts. */
export async function checkSiteHealth(folder: SiteFolder): Promise<SiteHealth> {
  const { site, root } = folder;
  const observedAt = new Date().toISOString();
  if (!folder.reachable) {
    const fix = `check that the folder ${root} exists, and that the site is not isolated`;
    const finding = { name: 'reachable', ok: false, saw: `${site.address} does not answer`, fix };
    return { site: site.name, reachable: false, findings: [finding], observedAt };
  }
  const findings = await Promise.all([folderWritable(root), diskSpace(root), addressBindable(site.address)]);
  return { site: site.name, reachable: true, findings, observedAt };
}

async function folderWritable(root: string): Promise<HealthFinding> {
  return access(root, constants.W_OK | constants.X_OK).then(
    () => ({ name: 'folder', ok: true, saw: `${root} is writable` }),
    (error: unknown) => ({
      name: 'folder',
      ok: false,
      saw: String(error),
      fix: `let the worker's user write to ${root}`,
    }),
  );
}

async function diskSpace(root: string): Promise<HealthFinding> {
  const { bavail, bsize } = await statfs(root);
  const freeMiB = Math.floor((bavail * bsize) / 1024 / 1024);
  const saw = `${freeMiB} MiB free`;
  if (freeMiB >= neededMiB) return { name: 'disk space', ok: true, saw };
  return { name: 'disk space', ok: false, saw, fix: `free space until there are ${neededMiB} MiB below ${root}` };
}

async function addressBindable(address: string): Promise<HealthFinding> {
  return listenAt(address).then(
    (server) => {
      server.close();
      return { name: 'address', ok: true, saw: `${address} can be bound` };
    },
    (error: unknown) => ({
      name: 'address',
      ok: false,
      saw: `LabAddressMissing: ${address} cannot be bound (${String(error)})`,
      fix: addressFix(address),
    }),
  );
}
