import path from 'node:path';
import { build } from 'esbuild';

const tiers = ['ledger', 'api', 'web'] as const;

/** Bundles the three tiers into ledger.cjs, api.cjs and web.cjs in the folder, and returns their paths. */
export async function buildShop(folder: string): Promise<readonly string[]> {
  await build({
    entryPoints: tiers.map((tier) => path.join(__dirname, `${tier}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  return tiers.map((tier) => path.join(folder, `${tier}.cjs`));
}
