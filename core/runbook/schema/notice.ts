import { z } from 'zod';
import { noticeKinds } from '../../model/notice';
import { name, variableName } from './scalars';

export const notice = z
  .strictObject({
    name: name()
      .describe('Name of the notice, unique in the runbook.')
      .meta({ examples: ['team-chat'] }),
    on: z
      .array(z.enum(noticeKinds))
      .min(1)
      .default([...noticeKinds])
      .describe('What it is sent for. Default: everything.'),
    urlFrom: variableName()
      .describe('Environment variable of the worker that holds the address: it is often a secret itself.')
      .meta({ examples: ['TEAM_CHAT_URL'] }),
    format: z
      .enum(['cloudevents', 'slack'])
      .default('cloudevents')
      .describe('cloudevents: JSON of CloudEvents 1.0. slack: the body that Slack and compatible chats take.'),
    secretFrom: variableName()
      .optional()
      .describe(
        'Environment variable of the worker with the secret that signs the body (HMAC-SHA256). Default: unsigned.',
      )
      .meta({ examples: ['TEAM_CHAT_SECRET'] }),
  })
  .describe('A message to people about what happens in a run.')
  .meta({ id: 'Notice' });
