import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Programs in a folder of their own, each of which tells what it is given to tell, and keeps a ledger of it. */
export class Programs {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'switchback-talk-'));

  /** A program for hooks and checks. */
  write(name: string, script: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, `#!${process.execPath}\n${keepingLedger(this.ledger(name))}\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** What it has said so far, on both of its outputs. */
  said(name: string): Buffer {
    return readFileSync(this.ledger(name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private ledger(name: string): string {
    const file = path.join(this.folder, 'ledgers', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '', { flag: 'a' });
    return file;
  }
}

/** Written there once it is written to the output: what a program wanted to say does not count. */
const keepingLedger = (ledger: string): string => `{
  const said = (text) => require('node:fs').appendFileSync(${JSON.stringify(ledger)}, text);
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (text, ...rest) => { const written = write(text, ...rest); said(text); return written; };
  }
  process.on('uncaughtExceptionMonitor', (error) => said(error.stack));
}`;
