import { findMoto } from '../../lab/route53/install-moto';
import { findTemporalServer } from '../../workers/temporal-server/find-temporal-server';
import { findPromtool } from './monitoring/promtool/find-promtool';

/**
 * Before the first integration test: on a machine that has no Temporal server, no moto or no promtool yet they are built or downloaded here,
 * which takes minutes and is bounded by no test's time limit. Afterwards every test finds them in the cache.
 */
async function findServersOnce(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await findTemporalServer({ say });
  const moto = await findMoto({ env: process.env, say });
  if (moto.kind === 'missing') say(`the tests of Route 53 are left out: ${moto.why}`);
  process.env['TEST_MOTO'] = JSON.stringify(moto);
  const promtool = await findPromtool({ env: process.env, say });
  if (promtool.kind === 'missing') say(`alerts and metrics are not checked by promtool: ${promtool.why}`);
  process.env['TEST_PROMTOOL'] = JSON.stringify(promtool);
}

// jest asks for the whole module to be the function.
export = findServersOnce;
