import fc from 'fast-check';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/** One change of a tree of files, as a workload or a person makes it. What is not possible at that moment does nothing. */
export type Edit =
  | { readonly do: 'write'; readonly path: string; readonly content: string }
  /** In place; times put back as they were: only the change time tells. */
  | { readonly do: 'edit-unseen'; readonly path: string; readonly byte: number }
  | { readonly do: 'append'; readonly path: string; readonly content: string }
  | { readonly do: 'write-large'; readonly path: string; readonly size: number; readonly byte: number }
  | { readonly do: 'edit-block'; readonly path: string; readonly at: number; readonly byte: number }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'make-folder'; readonly path: string }
  | { readonly do: 'symlink'; readonly path: string; readonly text: string }
  | { readonly do: 'hard-link'; readonly path: string; readonly to: string }
  | { readonly do: 'rename'; readonly path: string; readonly to: string }
  | { readonly do: 'chmod'; readonly path: string; readonly mode: number }
  | { readonly do: 'touch'; readonly path: string; readonly seconds: number };

/** Latin1: one character a byte. Few, so that edits meet; with a newline, a quote, and bytes that are no UTF-8. */
const name = fc.constantFrom('a', 'b', 'c\nd', '\xff\xfe', 'caf\xc3\xa9', "e'f", '-g');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const content = fc.string({ maxLength: 40 });
const byte = fc.integer({ min: 0, max: 255 });

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), path, content }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit-unseen' as const), path, byte }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('append' as const), path, content }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('write-large' as const),
      path,
      size: fc.integer({ min: 1 << 20, max: 3 << 20 }),
      byte,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit-block' as const), path, at: fc.nat(3 << 20), byte }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('make-folder' as const), path }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('symlink' as const),
      path,
      text: fc.constantFrom('a', '../x', '/etc', '\xff'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hard-link' as const), path, to: path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const), path, to: path }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('chmod' as const),
      path,
      mode: fc.constantFrom(0o644, 0o600, 0o755, 0o4755, 0o000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('touch' as const), path, seconds: fc.integer({ min: 1, max: 2e9 }) }),
  },
);

export const edits = fc.array(edit, { minLength: 1, maxLength: 12 });

export function applyEdits(root: string, changes: readonly Edit[]): void {
  for (const change of changes) {
    try {
      applyEdit(root, change);
    } catch (error) {
      // A path through a file, a rename into itself, a folder in the way.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
}

function applyEdit(root: string, change: Edit): void {
  const full = fullPath(root, change.path);
  const stats = lstatSync(full, { throwIfNoEntry: false });
  switch (change.do) {
    case 'write':
      makeParent(root, change.path);
      if (stats?.isSymbolicLink() !== true) writeFileSync(full, change.content);
      return;
    case 'edit-unseen':
      if (stats?.isFile() === true) editUnseen(full, change.byte);
      return;
    case 'append':
      if (stats?.isFile() === true) writeFileSync(full, change.content, { flag: 'a' });
      return;
    case 'write-large':
      makeParent(root, change.path);
      if (stats?.isSymbolicLink() !== true) writeFileSync(full, Buffer.alloc(change.size, change.byte));
      return;
    case 'edit-block':
      if (stats?.isFile() === true && stats.size > 0) poke(full, change.at % stats.size, change.byte);
      return;
    case 'remove':
      return rmSync(full, { recursive: true, force: true });
    case 'make-folder':
      return void mkdirSync(full, { recursive: true });
    case 'symlink':
      makeParent(root, change.path);
      return symlinkSync(Buffer.from(change.text, 'latin1'), full);
    case 'hard-link':
      if (stats?.isFile() === true) linkSync(full, fullPath(root, change.to));
      return;
    case 'rename':
      return renameSync(full, fullPath(root, change.to));
    case 'chmod':
      if (stats !== undefined && !stats.isSymbolicLink())
        chmodSync(full, stats.isDirectory() ? change.mode | 0o700 : change.mode);
      return;
    case 'touch':
      return lutimesSync(full, change.seconds, change.seconds);
  }
}

const fullPath = (root: string, path_: string): Buffer => Buffer.from(`${root}/${path_}`, 'latin1');

function makeParent(root: string, path_: string): void {
  const parent = fullPath(root, path_.split('/').slice(0, -1).join('/'));
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true });
}

/** Same size, same modification time to the microsecond, same inode. */
export function editUnseen(file: Buffer | string, value: number): void {
  const { mtimeMs, size } = statSync(file);
  if (size === 0) return;
  poke(file, 0, value);
  const seconds = (Math.round(mtimeMs * 1000) + 0.25) / 1e6;
  utimesSync(file, seconds, seconds);
}

function poke(file: Buffer | string, at: number, value: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.of(value), 0, 1, at);
  closeSync(fd);
}
