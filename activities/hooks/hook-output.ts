import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { blankSecrets, maskCredentials } from '../../core/model/credentials';
import { declaredSecrets, withKept } from '../../drivers/declared-secrets';
import type { ProgramEnd } from './run-program';

/** Histories stay small: the whole tail is in the file. */
const HISTORY_BYTES = 4 * 1024;

/** What a program said, as it may be recorded. */
export interface RecordedOutput {
  /** The end of it, at most 4 KiB. */
  readonly output: string;
  /** Bytes that the program said in all. */
  readonly outputBytes: number;
  /** Where the last 64 KiB are kept, below the folder of reports of the worker; absent: it said nothing. */
  readonly outputFile?: string;
}

/** The output as text without credentials and control characters. */
export function readable({ tail, bytes }: ProgramEnd, environment: NodeJS.ProcessEnv): string {
  const text = tail.toString('utf8').replace(/\r\n?/g, '\n');
  // The first line was cut: what is left of a credential in it looks like none.
  const whole = bytes > tail.length ? text.slice(text.indexOf('\n') + 1 || text.length) : text;
  const plain = whole.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(/[^\P{Cc}\n\t]/gu, '');
  return maskCredentials(blankSecrets(plain, withKept(environment), declaredSecrets())).trim();
}

/** Writes the output beside the reports; writing it again, for another attempt of the same step, replaces it. */
export async function recordOutput(
  text: string,
  about: { readonly folder: string; readonly group: string; readonly operationKey: string; readonly bytes: number },
): Promise<RecordedOutput> {
  const { folder, group, operationKey, bytes } = about;
  const output = endOf(text, HISTORY_BYTES);
  if (text === '') return { output, outputBytes: bytes };
  const outputFile = path.join(group, 'hooks', `${operationKey.replace(/[^\w.@-]+/g, '_')}.txt`);
  const file = path.join(folder, outputFile);
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, `${text}\n`, { mode: 0o600 });
  await rename(temporary, file);
  return { output, outputBytes: bytes, outputFile };
}

/** The end of a text, in whole characters. */
export function endOf(text: string, bytes: number): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let from = encoded.length - bytes;
  while (((encoded[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return encoded.subarray(from).toString('utf8');
}
