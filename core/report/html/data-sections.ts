import type { Report } from '../report';
import { absent, code, figure, instant, section, strong, table, type Content } from './elements';

export function dataSection({ dataLoss, recoveryPoints }: Report): Content {
  const superseded = new Set(dataLoss.superseded.map(({ id }) => id));
  return section(
    'data',
    'Data',
    table(
      ['Volume', 'Both sides', 'Files', 'Bytes', 'SHA-256', 'Compared (UTC)'],
      dataLoss.proofs.map(({ volume, equal, files, bytes, sourceDigest, targetDigest, comparedAt }) => [
        ...[code(volume), equal ? 'equal' : strong('different'), figure(files), figure(bytes)],
        equal ? code(sourceDigest) : [code(sourceDigest), ' / ', code(targetDigest)],
        instant(comparedAt),
      ]),
    ),
    table(
      ['Volume', 'Recovery point', 'As of (UTC)', 'Epoch', 'Records', 'Loss'],
      dataLoss.volumes.map(({ volume, point, asOf, epoch, records, what, restored }) => [
        ...[code(volume), code(point), instant(asOf), figure(epoch), figure(records ?? absent)],
        `${what}${restored || dataLoss.status === 'not-applicable' ? '' : ' (not restored yet)'}`,
      ]),
    ),
    table(
      ['Recovery point', 'Volume', 'Site', 'Epoch', 'As of (UTC)', 'Records', 'Kept for'],
      recoveryPoints.map(({ id, volume, site, epoch, asOf, records, reason, consistency }) => [
        ...[code(id), code(volume), site, figure(epoch), instant(asOf), figure(records ?? absent)],
        superseded.has(id) ? 'what the old active site held' : (reason ?? consistency),
      ]),
    ),
  );
}

/** What names led to, as it was seen from outside: not what a provider said that it had changed. */
export function trafficSection({ steps, left }: Report): Content {
  const done = steps.filter(({ record, status }) => record !== undefined && status === 'done');
  return section(
    'traffic',
    'Traffic',
    table(
      ['When (UTC)', 'Record', 'Step', 'What was seen'],
      done.map(({ record, id, summary, recordedAt }) => [
        ...[instant(recordedAt), code(record ?? absent), code(id), summary ?? absent],
      ]),
    ),
    left &&
      table(
        ['Record', 'Leads to when the run ended'],
        left.records.map(({ name, values }) => [code(name), values.join(', ') || 'nothing']),
      ),
  );
}
