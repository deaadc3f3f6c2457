import { z } from 'zod';
import { stagedKinds } from '../../model/stage';
import { because, duration, line, matching } from './scalars';

const kindName = () =>
  matching(
    /^[A-Z][A-Za-z0-9]{0,62}$/,
    because('InvalidKind', (shown) => `${shown} is not a kind such as "ConfigMap" or "Certificate"`),
  );

const mapOf = (most: number) =>
  z
    .record(line(253), line(253))
    .default({})
    .refine((map) => Object.keys(map).length <= most);

export const stage = z
  .strictObject({
    every: duration({ atMost: '1d' }).default('5m').describe('Time between two passes.'),
    kinds: z
      .array(z.enum(stagedKinds))
      .min(1)
      .max(stagedKinds.length)
      .default([...stagedKinds])
      .describe('Kinds of objects that are kept current. Default: all of them.')
      .meta({ examples: [['Deployment', 'Service', 'ConfigMap']] }),
    customResources: z
      .array(
        z.strictObject({
          apiVersion: matching(
            /^(?:[a-z0-9.-]{1,253}\/)?v[0-9][a-z0-9]*$/,
            because('InvalidKind', (shown) => `${shown} is not a group and version such as "cert-manager.io/v1"`),
          )
            .describe('Group and version.')
            .meta({ examples: ['cert-manager.io/v1'] }),
          kind: kindName()
            .describe('Kind.')
            .meta({ examples: ['Certificate'] }),
        }),
      )
      .max(50)
      .default([])
      .describe('Further kinds of objects of the namespace. Name none whose operator starts something at the standby.'),
    except: z
      .array(
        z.strictObject({
          kind: kindName()
            .describe('Kind.')
            .meta({ examples: ['ConfigMap'] }),
          name: line(253)
            .describe('Name of the object.')
            .meta({ examples: ['site-settings'] }),
        }),
      )
      .max(200)
      .default([])
      .describe('Objects of which each site has its own: they are neither copied nor deleted.'),
    storageClasses: mapOf(50)
      .describe(
        'Name of a storage class at the primary site, and of the one that takes its place at the recovery site.',
      )
      .meta({ examples: [{ gp3: 'standard' }] }),
    images: mapOf(50)
      .describe('Beginning of the names of images at the primary site, and what stands there at the recovery site.')
      .meta({ examples: [{ 'registry.example.com/': 'mirror.example.net/' }] }),
    ingressHosts: mapOf(200)
      .describe('Host of an Ingress at the primary site, and the one that takes its place at the recovery site.')
      .meta({ examples: [{ 'shop.example.com': 'shop.dr.example.com' }] }),
  })
  .optional()
  .describe(
    'Keeps the objects of the standby current from those of the active site, and starts nothing there. For Kubernetes sites. Default: nothing is staged.',
  );
