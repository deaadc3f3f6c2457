import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SwitchbackFailure } from '../core/model/failure';
import { declareSecrets } from '../drivers/declared-secrets';
import type { ScheduleSpec } from '../core/model/schedule';
import { canonicalJson } from '../core/planning/canonical-json';
import { formatDiagnostic } from '../core/runbook/diagnostic';
import { parseRunbook, type ParsedRunbook } from '../core/runbook/parse-runbook';
import type { LoadedRunbook } from './contract';

/** The folder of runbooks that a worker serves. A runbook's name is that of its file, and of its protection group. */
export class RunbookFolder {
  constructor(readonly folder: string) {}

  /** Names of the runbooks, sorted. */
  async names(): Promise<readonly string[]> {
    const files = await readdir(this.folder);
    return files.flatMap((file) => /^(.+)\.ya?ml$/.exec(file)?.[1] ?? []).sort();
  }

  /** @throws SwitchbackFailure `UnknownRunbook`, `InvalidRunbook` with every diagnostic. */
  async load(name: string): Promise<LoadedRunbook> {
    const { runbook, schedules } = await this.parse(name);
    return { runbook, digest: digestOf(runbook), termsDigest: digestOf({ runbook, schedules }) };
  }

  /** What a runbook says of schedules. @throws as `load`. */
  async schedules(name: string): Promise<readonly ScheduleSpec[]> {
    return (await this.parse(name)).schedules;
  }

  private async parse(name: string): Promise<ParsedRunbook & { readonly ok: true }> {
    const names = await this.names();
    if (!names.includes(name)) {
      const there = names.join(', ') || 'none';
      throw new SwitchbackFailure('UnknownRunbook', `no runbook "${name}" in ${this.folder}; there: ${there}`, {
        name,
      });
    }
    const file = await this.fileOf(name);
    const parsed = parseRunbook(await readFile(path.join(this.folder, file), 'utf8'), file);
    if (!parsed.ok) throw new SwitchbackFailure('InvalidRunbook', parsed.diagnostics.map(formatDiagnostic).join('\n'));
    const { runbook } = parsed;
    if (runbook.group !== name) {
      throw new SwitchbackFailure(
        'InvalidRunbook',
        `${file}: group "${runbook.group}" must have the name of its file, "${name}"`,
      );
    }
    declareSecrets(runbook);
    return parsed;
  }

  private async fileOf(name: string): Promise<string> {
    const files = await readdir(this.folder);
    return files.find((file) => file === `${name}.yaml`) ?? `${name}.yml`;
  }
}

const digestOf = (value: object): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
