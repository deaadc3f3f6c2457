import { forwardTo } from './forward';
import { readSettings, required, serveTier } from './tier';

const settings = readSettings('api');
serveTier(settings, forwardTo(settings, { tier: 'ledger', port: Number(required('LEDGER_PORT')) }));
