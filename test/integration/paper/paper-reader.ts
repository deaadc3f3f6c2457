import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Paper } from '../../../core/paper/paper';
import { paperMarkdown } from '../../../core/paper/paper-markdown';
import { readGuide, type Step } from '../../kubernetes/guide/read-guide';
import { notShown } from '../../kubernetes/guide/shown-output';

/** Somebody with a printed paper and a terminal, who types what stands there and looks whether it shows what it must. */
export interface PaperReader {
  readonly folder: string;
  /** Of the terminal. */
  readonly env: NodeJS.ProcessEnv;
  /** All of the paper up to the way back; or to the step with this title, included. */
  follow(paper: Paper, last?: (title: string) => boolean): Promise<readonly string[]>;
  /** The rest of the paper that was followed last, after the step where that ended. */
  goOn(paper: Paper): Promise<void>;
  /** The steps of the way back with these numbers, in their order. */
  goBack(paper: Paper, numbers: readonly string[]): Promise<void>;
}

/** Asks as `dig +short [@server -p port] name type` does, which not every machine has. */
const dig = `#!/usr/bin/env node
const words = process.argv.slice(2);
const server = words.find((word) => word.startsWith('@'));
const port = words[words.indexOf('-p') + 1];
const [name, type] = words.slice(-2);
const { Resolver } = require('node:dns').promises;
const resolver = new Resolver();
if (server) resolver.setServers([server.slice(1) + ':' + port]);
resolver.resolve(name, type).then((values) => values.forEach((value) => console.log(value)), () => process.exit(9));
`;

interface ReaderOptions {
  /** What the terminal has besides: where sites and kubeconfigs are. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders of programs that the paper needs. */
  readonly programs?: readonly string[];
  /** Programs by their names: what a shell does when they are called. */
  readonly scripts?: Readonly<Record<string, string>>;
}

export async function paperReader({ env, programs = [], scripts = {} }: ReaderOptions): Promise<PaperReader> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchback-paper-'));
  const bin = path.join(home, 'bin');
  await mkdir(bin);
  for (const [name, text] of Object.entries({ dig, ...scripts })) {
    await writeFile(path.join(bin, name), text);
    await chmod(path.join(bin, name), 0o755);
  }
  const PATH = [bin, ...programs, process.env['PATH'] ?? ''].join(path.delimiter);
  let papers = 0;
  const folderOf = async (): Promise<string> => {
    const folder = path.join(home, `paper-${(papers += 1)}`);
    await mkdir(folder);
    return folder;
  };
  let folder = home;
  /** Titles of the paper that is followed. */
  let done: string[] = [];
  const all = { ...process.env, ...env, PATH };
  const type = typist(all);
  const goOn = async (paper: Paper, last: (title: string) => boolean = () => false): Promise<void> => {
    for (const { title, steps } of readGuide(paperMarkdown(paper)).filter(({ title: one }) => /^\d/.test(one))) {
      if (done.includes(title)) continue;
      for (const step of steps) await tried(title, step, (script) => type(folder, paper, script));
      done.push(title);
      if (last(title)) break;
    }
  };
  return {
    folder: home,
    env: all,
    follow: async (paper, last) => {
      folder = await folderOf();
      done = [];
      await goOn(paper, last);
      return done;
    },
    goOn,
    goBack: async (paper, numbers) => {
      for (const { title, steps } of readGuide(paperMarkdown(paper))) {
        if (!numbers.includes(title.split(' ')[0] ?? '')) continue;
        for (const step of steps) await tried(title, step, (script) => type(folder, paper, script));
      }
    },
  };
}

interface Typed {
  readonly code: number | null;
  readonly output: string;
}

async function tried(title: string, step: Step, type: (script: string) => Promise<Typed>): Promise<void> {
  if (step.kind !== 'run') throw new Error(`"${title}" asks for something that nobody types`);
  const { code, output } = await type(step.script);
  if (code !== 0) throw new Error(`in "${title}" this ends with ${code}:\n\n${step.script}\n\n${output}`);
  const missing = step.shown === undefined ? undefined : notShown(output, step.shown);
  if (missing !== undefined)
    throw new Error(`in "${title}" this must show\n\n${missing}\n\nand shows\n\n${output}\n\n${step.script}`);
}

/** A new terminal for every block, so that nothing is left of the one before but what the paper has kept in files. */
const typist =
  (env: NodeJS.ProcessEnv) =>
  async (folder: string, { group, operation }: Paper, script: string): Promise<Typed> => {
    const settings = `./switchback-${group}-${operation}.sh`;
    const log = path.join(folder, 'terminal.log');
    // A file, not a pipe: what a command leaves running would hold a pipe open.
    const file = openSync(log, 'w');
    const child = spawn('bash', ['-e', '-c', `[ ! -f ${settings} ] || . ${settings}\n${script}`], {
      cwd: folder,
      env,
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('exit', resolve).on('error', reject);
    });
    return { code, output: await readFile(log, 'utf8') };
  };
