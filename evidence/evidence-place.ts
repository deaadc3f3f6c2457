import path from 'node:path';
import { SwitchbackFailure } from '../core/model/failure';
import { FolderStore } from './folder-store';
import { S3Store, type S3Place } from './s3-store';
import type { EvidenceStore } from './store';

/** Where the evidence of an installation is. */
export type EvidencePlace = { readonly kind: 'folder'; readonly folder: string } | ({ readonly kind: 's3' } & S3Place);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The place that the setting names: a folder, or "s3://bucket/prefix". `setting`: by default SWITCHBACK_EVIDENCE, and without it
 * the folder evidence in SWITCHBACK_HOME.
 *
 * @throws SwitchbackFailure `InvalidInput` of anything else
 */
export function evidencePlace(env: Environment, cwd: string, setting = env['SWITCHBACK_EVIDENCE']): EvidencePlace {
  if (!setting) {
    return { kind: 'folder', folder: path.resolve(cwd, env['SWITCHBACK_HOME'] ?? '.switchback', 'evidence') };
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(setting)) return { kind: 'folder', folder: path.resolve(cwd, setting) };
  const [, bucket = '', prefix = ''] = S3_ADDRESS.exec(setting) ?? refuse(setting);
  const endpoint = env['SWITCHBACK_EVIDENCE_ENDPOINT'];
  const region = env['AWS_REGION'] ?? (endpoint ? 'us-east-1' : undefined);
  return {
    kind: 's3',
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    ...(region && { region }),
    ...(endpoint && { endpoint: endpointOf(endpoint) }),
  };
}

export async function openEvidence(place: EvidencePlace): Promise<EvidenceStore> {
  if (place.kind === 'folder') return new FolderStore(place.folder);
  return new S3Store(place, await import('@aws-sdk/client-s3'));
}

/** As people write it. */
export const placeText = (place: EvidencePlace): string =>
  place.kind === 'folder' ? place.folder : `s3://${place.bucket}/${place.prefix}`.replace(/\/$/, '');

/** A bucket, and the parts of a prefix that need no escaping anywhere. */
const S3_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/((?:[\w.-]+\/)*[\w.-]+))?\/?$/;

function refuse(setting: string): never {
  throw new SwitchbackFailure(
    'InvalidInput',
    `evidence cannot be kept at "${setting}": name a folder, or s3://BUCKET/PREFIX with a prefix of letters, digits, "_", "-", "." and "/" (SWITCHBACK_EVIDENCE).`,
  );
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return text;
  throw new SwitchbackFailure(
    'InvalidInput',
    'SWITCHBACK_EVIDENCE_ENDPOINT is not an address like "https://s3.example.com"; credentials do not belong into it.',
  );
}
