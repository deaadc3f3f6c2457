import { SwitchbackFailure } from '../../core/model/failure';
import { addressFix, listenAt } from '../../drivers/local/workloads/port-probe';

/** @throws SwitchbackFailure `LabAddressMissing`, which names every address that is missing and the command for each. */
export async function requireLoopbackAddresses(addresses: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const address of addresses) if (!(await canBind(address))) missing.push(address);
  if (missing.length === 0) return;
  const fixes = missing.map((address) => `  ${address}: ${addressFix(address)}`);
  throw new SwitchbackFailure(
    'LabAddressMissing',
    `the sites of the lab live on loopback addresses that this machine lacks; then start again:\n${fixes.join('\n')}`,
    { addresses: missing },
  );
}

async function canBind(address: string): Promise<boolean> {
  try {
    const server = await listenAt(address);
    server.close();
    return true;
  } catch (error) {
    if (error instanceof SwitchbackFailure) return false;
    throw error;
  }
}
