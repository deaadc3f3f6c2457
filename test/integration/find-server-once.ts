import { findMoto } from '../../lab/route53/install-moto';
import { findTemporalServer } from '../../workers/temporal-server/find-temporal-server';
import { findPromtool } from './monitoring/promtool/find-promtool';
import { findAwsCli } from './paper/find-aws-cli';

/**
 * Before the first integration test: on a machine that has no Temporal server, moto, promtool or `aws` yet they are built or downloaded here,
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
  const awsCli = await findAwsCli({ env: process.env, say });
  if (awsCli.kind === 'missing') say(`the papers of Route 53 are left out: ${awsCli.why}`);
  process.env['TEST_AWS_CLI'] = JSON.stringify(awsCli);
}

// jest asks for the whole module to be the function.
export = findServersOnce;
