/** Why a run does not answer a query that reached its worker before the workflow task that the query has to wait for. */
export const QUERY_TOO_EARLY = 'this query came before a workflow task that it has to wait for; ask again';

/** The server answers the second query after the task that the first one overtook; more than two in a row were not seen. */
const TRIES = 5;

/**
 * Asks again where the run itself says so. Has the form of the Temporal client's query interceptor, without its types: whoever
 * makes a client gives it this as `interceptors: { workflow: [{ query: askAgain }] }`.
 */
export async function askAgain<Input>(input: Input, next: (input: Input) => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await next(input);
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error && error.message.includes(QUERY_TOO_EARLY))) throw error;
    }
  }
}
