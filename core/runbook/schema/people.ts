import { z } from 'zod';
import { because, line, matching, name } from './scalars';

/** Ed25519 in SPKI DER: a fixed beginning and 32 bytes, in base64. */
const PUBLIC_KEY_FORM = /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/;

const person = z
  .strictObject({
    name: line(200)
      .describe('As the person signs decisions: an e-mail address, say.')
      .meta({ examples: ['ana@example.com'] }),
    groups: z
      .array(name())
      .max(20)
      .default([])
      .describe('Groups that the person belongs to.')
      .meta({ examples: [['sre']] }),
    publicKey: matching(
      PUBLIC_KEY_FORM,
      because(
        'InvalidText',
        (shown) =>
          `${shown} is not an Ed25519 public key; \`switchback key FILE\` makes one and shows what to write here`,
      ),
    )
      .optional()
      .describe('With a key, only decisions that are signed with it count in the name of this person.')
      .meta({ examples: ['MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='] }),
  })
  .describe('Somebody who decides.')
  .meta({ id: 'Person' });

export const people = z.array(person).max(500).default([]).describe('Who decides, for approvers and quorums.');
