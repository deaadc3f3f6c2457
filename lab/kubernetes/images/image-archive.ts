import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../run';

export interface Layer {
  /** Name of its file in the archive. */
  readonly file: string;
  readonly digest: string;
}

export interface Image {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly command: readonly string[];
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Packs a root folder as a layer beside the archive to be. Everything in it belongs to root. */
export async function packLayer(folder: string, name: string, root: string): Promise<Layer> {
  const file = `${name}.tar`;
  const target = path.join(folder, file);
  await run('tar', '--owner=0', '--group=0', '--numeric-owner', '--sort=name', '-C', root, '-cf', target, '.');
  const hash = createHash('sha256');
  await pipeline(createReadStream(target), hash);
  return { file, digest: `sha256:${hash.digest('hex')}` };
}

/** One archive with all the images, as `docker save` writes it; layers that images share are in it once. Returns its path. */
export async function packImages(folder: string, images: readonly Image[]): Promise<string> {
  const manifest = images.map(({ name, layers }, index) => ({
    Config: `config-${index}.json`,
    RepoTags: [name],
    Layers: layers.map(({ file }) => file),
  }));
  await Promise.all(
    images.map(async (image, index) =>
      writeFile(path.join(folder, `config-${index}.json`), JSON.stringify(configOf(image))),
    ),
  );
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  const files = new Set(manifest.flatMap(({ Config, Layers }) => [Config, ...Layers]));
  const archive = path.join(folder, 'images.tar');
  await run('tar', '-C', folder, '-cf', archive, 'manifest.json', ...files);
  return archive;
}

function configOf({ layers, command }: Image): object {
  return {
    architecture: architectures[process.arch] ?? process.arch,
    os: 'linux',
    config: { Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: command },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  };
}
