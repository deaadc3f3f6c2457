import { localDrivers } from './local-drivers';
import { serve } from './serve';

/** The worker process. */
serve((settings) => ({ drivers: localDrivers(settings) }));
