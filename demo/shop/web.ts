import { forwardTo } from './forward';
import { readSettings, required, serveTier } from './tier';

const settings = readSettings('web');
serveTier(settings, forwardTo(settings, { tier: 'api', port: Number(required('API_PORT')) }));
