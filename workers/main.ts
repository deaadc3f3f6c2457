import { productDrivers } from './product-drivers';
import { serve } from './serve';

/** The worker process. */
serve((settings) => ({ drivers: productDrivers(settings) }));
