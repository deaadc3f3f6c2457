import path from 'node:path';

/** The name of a runbook as the worker knows it; the path of a runbook file is taken for the name of the file. */
export const runbookName = (argument: string): string =>
  /\.ya?ml$/.test(argument) ? path.basename(argument).replace(/\.ya?ml$/, '') : argument;
