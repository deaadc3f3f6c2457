/** The API server answered with an error: HTTP status, and the reason and message of its `Status` object. */
export class KubeError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
    /** Seconds after which the server wants to be asked again. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'KubeError';
  }
}

/** The API server gave no answer, as the rest of a sentence: "connect ECONNREFUSED 127.0.0.1:6443". */
export class NoAnswer extends Error {
  constructor(
    message: string,
    /** It was a connection kept from an earlier request, which the server has closed meanwhile: it says nothing about the server. */
    readonly stale = false,
  ) {
    super(message);
    this.name = 'NoAnswer';
  }
}

export const isStatus = (error: unknown, status: number): error is KubeError =>
  error instanceof KubeError && error.status === status;
