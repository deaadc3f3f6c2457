import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { buildShop } from '../../../demo/shop/build';
import { run } from '../run';
import { packImages, packLayer, type Layer } from './image-archive';
import { RootFolder } from './root-folder';

/** What pods of the lab can run; there is no registry to pull from. A tag other than `latest`, or it would be pulled. */
export const labImages = {
  /** A shell and small tools; sandboxes are made of it too. Do not look up names with it: Debian's static busybox crashes then. */
  busybox: 'localhost/busybox:lab',
  /** Node, and the shop of the demo in /shop: ledger.cjs, api.cjs, web.cjs. */
  shop: 'localhost/shop:lab',
  /** rsync, ssh, ssh-keygen, sshd and openssl, for what moves volumes. */
  rsync: 'localhost/rsync:lab',
} as const;

/** Packs all of them from files of this machine; returns the archive. What was in the folder is removed. */
export async function buildLabImages(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const base = await layer(folder, 'base', fillBase);
  const shop = await layer(folder, 'shop', fillShop);
  const rsync = await layer(folder, 'rsync', fillRsync);
  return packImages(folder, [
    // Nothing ends a sandbox but SIGKILL, so it need not listen to anything else.
    { name: labImages.busybox, layers: [base], command: ['/bin/sleep', '2147483647'] },
    { name: labImages.shop, layers: [base, shop], command: ['node', '/shop/ledger.cjs'] },
    { name: labImages.rsync, layers: [base, rsync], command: ['/usr/sbin/sshd', '-D', '-e'] },
  ]);
}

/**
 * Puts the root folders of what moves volumes side by side, for pods that are processes of this machine. What was in the folder is
 * removed.
 */
export async function unpackLabImages(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [image, fills] of [
    [labImages.busybox, [fillBase]],
    [labImages.rsync, [fillBase, fillRsync]],
  ] as const) {
    const root = new RootFolder(unpackedImage(folder, image));
    await root.addFolder('/');
    for (const fill of fills) await fill(root);
  }
}

/** Root folder of an image that `unpackLabImages` has put there. */
export const unpackedImage = (folder: string, image: string): string => path.join(folder, encodeURIComponent(image));

async function layer(folder: string, name: string, fill: (root: RootFolder) => Promise<void>): Promise<Layer> {
  const root = new RootFolder(path.join(folder, name));
  await root.addFolder('/');
  await fill(root);
  const packed = await packLayer(folder, name, root.folder);
  await rm(root.folder, { recursive: true });
  return packed;
}

async function fillBase(root: RootFolder): Promise<void> {
  const busybox = await find('busybox');
  await root.addProgram(busybox, '/bin/busybox');
  const applets = (await run(busybox, '--list')).trim().split('\n');
  const links = applets.filter((name) => name !== 'busybox');
  await Promise.all(links.map(async (name) => symlink('busybox', path.join(root.folder, 'bin', name))));
  await root.addFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  await root.addFile('/etc/group', 'root:x:0:\nnogroup:x:65534:\n');
  await root.addFolder('/root', 0o700);
  await root.addFolder('/tmp', 0o1777);
}

async function fillShop(root: RootFolder): Promise<void> {
  await root.addProgram(process.execPath, '/usr/local/bin/node');
  await root.addFolder('/shop');
  await buildShop(path.join(root.folder, 'shop'));
}

/** Of sshd from version 9.8 on. */
const partsOfSshd = ['/usr/lib/openssh/sshd-session', '/usr/lib/openssh/sshd-auth'];

async function fillRsync(root: RootFolder): Promise<void> {
  for (const name of ['rsync', 'ssh', 'ssh-keygen', 'openssl'])
    await root.addProgram(await find(name), `/usr/bin/${name}`);
  for (const file of ['/usr/sbin/sshd', ...partsOfSshd.filter((part) => existsSync(part))]) await root.addProgram(file);
  const accounts = ['root:x:0:0:root:/root:/bin/sh', 'sshd:x:101:65534::/run/sshd:/bin/false'];
  await root.addFile('/etc/passwd', `${accounts.join('\n')}\n`);
  // No password, and yet not locked: a locked account may not even come with a key.
  await root.addFile('/etc/shadow', accounts.map((line) => `${line.split(':')[0]}:*:19000::::::\n`).join(''), 0o600);
  await root.addFolder('/run/sshd');
  await root.addFile('/etc/ssh/sshd_config', 'PasswordAuthentication no\n');
}

const find = async (program: string): Promise<string> => (await run('which', program)).trim();
