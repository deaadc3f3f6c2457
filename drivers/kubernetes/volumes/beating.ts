import type { CallContext } from '../../ports';

const beatMs = 1_000;

/** Says what is being done for as long as the work takes, which itself says nothing. */
export async function beating<Result>(
  { progress }: Pick<CallContext, 'progress'>,
  doing: string,
  work: () => Promise<Result>,
): Promise<Result> {
  progress({ doing });
  const timer = setInterval(() => progress({ doing }), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
