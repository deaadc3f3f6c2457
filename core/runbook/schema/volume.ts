import { z } from 'zod';
import { duration, line, matching, because, name, relativePath } from './scalars';

/** Of objects of Kubernetes: parts as in names of DNS. */
const claimName = () => line(253);

/** What changes neither which files are copied nor how the copy is proven: each option with the form of its value. */
const harmlessFlags: Readonly<Record<string, string>> = {
  acls: '',
  xattrs: '',
  compress: '',
  'compress-choice': '\\w+',
  'compress-level': '\\d+',
  checksum: '',
  'checksum-choice': '[\\w,]+',
  'whole-file': '',
  'no-whole-file': '',
  'block-size': '\\d+',
  'no-sparse': '',
  preallocate: '',
  ipv4: '',
  ipv6: '',
};
const forms = Object.entries(harmlessFlags).map(([flag, value]) => (value === '' ? flag : `${flag}=${value}`));
const harmlessFlag = new RegExp(`^--(?:${forms.join('|')})$`);
const namedFlags = Object.entries(harmlessFlags).map(([flag, value]) => `\`--${flag}${value === '' ? '' : '=…'}\``);

const kubernetesVolume = z
  .strictObject({
    claim: z
      .union([
        claimName(),
        z
          .strictObject({
            primary: claimName().describe('At the primary site.'),
            recovery: claimName().describe('At the recovery site.'),
          })
          .describe('Names of the claims, when they differ.')
          .meta({ id: 'ClaimNames' }),
      ])
      .describe('Name of the PersistentVolumeClaim that holds it; of each site, when they differ.')
      .meta({ examples: ['orders', { primary: 'orders', recovery: 'orders-standby' }] }),
    bandwidth: z
      .int()
      .min(1)
      .optional()
      .describe('The most that one pass sends, in KiB a second. Default: as fast as it goes.')
      .meta({ examples: [20480] }),
    rsyncFlags: z
      .array(
        matching(
          harmlessFlag,
          because('InvalidFlag', (shown) => `${shown} is not an option of rsync that may be added`),
        ),
      )
      .default([])
      .describe(
        `More options for rsync: how it compares and sends, and access lists or extended attributes. Any of ${namedFlags.join(', ')}.`,
      )
      .meta({ examples: [['--acls', '--compress']] }),
    timeout: duration({ atMost: '7d' }).default('6h').describe('The longest that one pass may take.'),
  })
  .describe('A volume of a Kubernetes cluster.')
  .meta({ id: 'KubernetesVolume' });

export const volume = z
  .strictObject({
    name: name()
      .describe('Name, unique in the runbook.')
      .meta({ examples: ['orders'] }),
    marker: z
      .strictObject({
        file: relativePath()
          .describe('A file of the volume, one record a line, append-only: its complete lines count the records.')
          .meta({ examples: ['orders.log'] }),
      })
      .optional()
      .describe('How to count the records, so that a loss of data can be told in records.'),
    kubernetes: kubernetesVolume
      .optional()
      .describe('Which claim it is at Kubernetes sites. Needed when the sites have the driver `kubernetes`.'),
  })
  .describe('A set of data that is replicated, captured and restored as a whole.')
  .meta({ id: 'Volume' });
