import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { SwitchbackFailure } from '../core/model/failure';
import type { ProtectionState } from '../core/model/protection';
import { canonicalJson } from '../core/planning/canonical-json';
import type * as Shapes from '../core/running/protection-shapes';

/** The state of a group in a file, as `state export` writes it. */
export interface ExportedState {
  readonly runbook: string;
  /** ISO instant. */
  readonly exportedAt: string;
  /** Where it is from. */
  readonly from: { readonly address: string; readonly namespace: string };
  readonly state: ProtectionState;
}

const FILE_VERSION = 1;

/** SHA-256 of the canonical JSON of all but the checksum. */
const checksumOf = (content: object): string => createHash('sha256').update(canonicalJson(content)).digest('hex');

/** The file, and its checksum. */
export function stateFileText(exported: ExportedState): { readonly text: string; readonly sha256: string } {
  const { runbook, exportedAt, from, state } = exported;
  const content = { switchbackState: FILE_VERSION, runbook, group: state.group, exportedAt, from, state };
  const sha256 = checksumOf(content);
  return { text: `${JSON.stringify({ ...content, sha256 }, null, 2)}\n`, sha256 };
}

/** Never over another file: a state that was exported is what a later import goes by. @throws SwitchbackFailure `InvalidInput` */
export async function writeStateFile(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
    throw new SwitchbackFailure('InvalidInput', `The state cannot be written to ${file}: ${messageOf(error)}`, {
      file,
    });
  });
}

/** @throws SwitchbackFailure `InvalidInput` when the file holds no state, one that was changed, or one of another version */
export async function readStateFile(file: string): Promise<ExportedState & { readonly sha256: string }> {
  const wrong = (because: string): SwitchbackFailure =>
    new SwitchbackFailure('InvalidInput', `${file} holds no state that can be used: ${because}`, { file });
  const value = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as unknown)
    .catch((error: unknown) => {
      throw wrong(messageOf(error));
    });
  const { sha256, ...content } = (value ?? {}) as ExportedState & { sha256?: unknown; switchbackState?: unknown };
  if (content.switchbackState !== FILE_VERSION)
    throw wrong(`it is not of the form that \`switchback state export\` of this version writes (${FILE_VERSION})`);
  if (sha256 !== checksumOf(content)) throw wrong('its checksum does not fit: it was changed, or is not whole');
  // Loaded when it is needed: the command line loads no schema to print its help.
  const load = createRequire(__filename);
  const { problemsOf, protectionInputShape } = load('../core/running/protection-shapes') as typeof Shapes;
  const problems = problemsOf(protectionInputShape, { runbook: content.runbook, state: content.state });
  if (problems !== undefined) throw wrong(problems);
  return { ...content, sha256 };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
