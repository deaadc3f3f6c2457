import { readFileSync } from 'node:fs';
import { fourStepPlan } from '../plan/four-steps';
import { serve } from '../../workers/serve';
import { memorySites } from './memory-sites';
import type { MemoryWorkerSettings } from './memory-worker-settings';

/**
 * A program: a worker of the product over in-memory sites. Its own settings are a JSON file, named by BENCH_WORKER; the rest is
 * told as any worker is told it.
 */
const settings = JSON.parse(readFileSync(process.env['BENCH_WORKER'] ?? '', 'utf8')) as MemoryWorkerSettings;

serve(async () => ({
  drivers: await memorySites(settings),
  ...(settings.plan === 'four-steps' && {
    activities: { compilePlan: (request) => Promise.resolve(fourStepPlan(request)) },
  }),
}));
