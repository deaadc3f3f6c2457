import { z } from 'zod';
import { name } from './scalars';

export const order = () =>
  z
    .array(name())
    .optional()
    .meta({ examples: [['ledger', 'api', 'web']] });
