import { z } from 'zod';
import { digest } from '../../core/evidence/entry';
import type { KnownHead } from '../../core/evidence/verify-chain';
import { SwitchbackFailure } from '../../core/model/failure';
import { operationNames } from '../../core/model/operation';
import { protectionState } from '../temporal/resolve-run';
import type { Session } from '../temporal/session';

const memo = z.object({ evidence: z.object({ sequence: z.int().positive(), hash: digest }) });

/**
 * Ends of the chain of a group as its runs have named them: in the state of the group, and in their memos, which Temporal knows
 * without a worker, as long as it keeps the runs. What cannot be asked names none, and is said.
 */
export async function knownHeads(
  session: Session,
  group: string,
  say: (line: string) => void,
): Promise<readonly KnownHead[]> {
  const [ofGroup, ofRuns] = [await headsOfGroup(session, group, say), await headsOfMemos(session, group)];
  return [...ofGroup, ...ofRuns];
}

async function headsOfGroup(session: Session, group: string, say: (line: string) => void): Promise<KnownHead[]> {
  try {
    const { runs, evidence: own } = await protectionState(session, group);
    const ofRuns = runs.flatMap(({ evidence, workflowId }) =>
      evidence ? [{ ...evidence, by: `state of the group, of ${workflowId},` }] : [],
    );
    return [...(own?.head ? [{ ...own.head, by: 'state of the group' }] : []), ...ofRuns];
  } catch (error) {
    if (!(error instanceof SwitchbackFailure)) throw error;
    if (error.code !== 'RunNotFound' && error.code !== 'NoWorker') throw error;
    say(`The group was not asked for the end of its evidence: ${error.message}`);
    return [];
  }
}

function headsOfMemos(session: Session, group: string): Promise<KnownHead[]> {
  const operations = operationNames.map((one) => `"${one}"`).join(', ');
  const query = `SwitchbackGroup = "${group}" AND WorkflowType IN (${operations})`;
  return session.call('the list of runs', async () => {
    const heads: KnownHead[] = [];
    for await (const run of session.client.workflow.list({ query })) {
      const parsed = memo.safeParse(run.memo);
      if (parsed.success) heads.push({ ...parsed.data.evidence, by: `memo of ${run.workflowId}` });
    }
    return heads;
  });
}

/** @throws SwitchbackFailure `InvalidInput` when it is none */
export function parseHead(text: string): KnownHead {
  const [, sequence, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (Number(sequence) > 0) return { sequence: Number(sequence), hash, by: '--known' };
  throw new SwitchbackFailure(
    'InvalidInput',
    `"${text}" is no end of a chain: write the number of its entry and the SHA-256, as 12:0f3a….`,
  );
}
