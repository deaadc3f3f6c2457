import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { EvidenceChain } from '../../../evidence/evidence-chain';
import { FolderStore } from '../../../evidence/folder-store';
import { describeEvidenceContract } from '../../contract/evidence-contract';

const at = '2026-11-29T10:00:00.000Z';
const places: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-evidence-'));
  places.push(folder);
  return folder;
}

afterAll(() => places.forEach((folder) => rmSync(folder, { recursive: true })));

describeEvidenceContract('a folder', async () => {
  const folder = newFolder();
  return {
    open: () => new FolderStore(folder),
    overwrite: (key, text) => writeFile(path.join(folder, key), text),
    remove: (key) => rm(path.join(folder, key)),
  };
});

// 40 processes one after the other, on a busy machine.
jest.setTimeout(600_000);

describe('what killed processes leave', () => {
  const HOUR_MS = 3_600_000;

  test('half written is none of it, and is removed when it is old; what is being written is left alone', async () => {
    const folder = newFolder();
    const entries = path.join(folder, 'shop/entries');
    await mkdir(entries, { recursive: true });
    const [old, young] = ['00000001.json.1.tmp', '00000001.json.2.tmp'];
    for (const name of [old, young]) await writeFile(path.join(entries, name), '{"half');
    const before = new Date(Date.now() - HOUR_MS - 60_000);
    await utimes(path.join(entries, old), before, before);
    const chain = new EvidenceChain(new FolderStore(folder), 'shop');
    const { head } = await chain.append({ kind: 'report', id: 'report/1', at }, () => ({}));
    expect((await readdir(entries)).sort()).toEqual(['00000001.json', young]);
    expect(await chain.verify([{ ...head, by: 'run' }])).toMatchObject({ faults: [], head });
  });

  describe('processes', () => {
    let program: string;
    beforeAll(() => {
      program = path.join(newFolder(), 'append-many.js');
      const entryPoints = [path.join(__dirname, 'append-many.ts')];
      buildSync({ entryPoints, outfile: program, bundle: true, platform: 'node', external: ['@aws-sdk/*'] });
    });

    const appending = (folder: string, name: string, count: number): ChildProcess =>
      spawn(process.execPath, [program, folder, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });

    test('killed at 40 moments while they write: the chain is good, what was said to be kept is in it, and goes on', async () => {
      const folder = newFolder();
      const said: string[] = [];
      for (let round = 1; round <= 40; round += 1) {
        const child = appending(folder, `round-${round}`, 1_000_000);
        let heard = '';
        child.stdout?.on('data', (bytes: Buffer) => (heard += bytes.toString()));
        await once(child.stdout as NodeJS.ReadableStream, 'data');
        await pause(Math.random() * 30);
        child.kill('SIGKILL');
        await once(child, 'close');
        // The last line may be cut off by the kill.
        said.push(...heard.split('\n').slice(0, -1));
        const chain = new EvidenceChain(new FolderStore(folder), 'shop');
        const after = { kind: 'report', id: `report/after-${round}`, at } as const;
        const { head } = await chain.append(after, () => ({ round }));
        said.push(after.id);
        const verified = await chain.verify([{ ...head, by: 'run' }]);
        expect(verified).toMatchObject({ faults: [], head });
      }
      const ids = (await new EvidenceChain(new FolderStore(folder), 'shop').entries()).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(said.filter((id) => !ids.includes(id))).toEqual([]);
      expect(said.length).toBeGreaterThan(80);
    });

    test('several that append at once: all is in one chain', async () => {
      const folder = newFolder();
      const children = ['one', 'two', 'three'].map((name) => appending(folder, name, 40));
      expect(await Promise.all(children.map(async (child) => (await once(child, 'close'))[0] as unknown))).toEqual([
        0, 0, 0,
      ]);
      const { faults, entries } = await new EvidenceChain(new FolderStore(folder), 'shop').verify();
      expect(faults).toEqual([]);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(120);
      expect(entries).toHaveLength(120);
    });
  });
});
