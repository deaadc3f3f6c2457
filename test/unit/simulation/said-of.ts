import type { FaultTrial } from '../../../core/model/fault-trial';

/** "stop-workload/ledger@alpha before → TwoActive orders: …", of all that ended otherwise than designed. */
export const saidOf = ({ fault, end, wrong }: FaultTrial): readonly string[] =>
  wrong.map(
    ({ code, subject, saw }) =>
      `${fault?.step ?? 'nothing'} ${fault?.moment ?? ''} → ${end}, ${code} ${subject}: ${saw}`,
  );
