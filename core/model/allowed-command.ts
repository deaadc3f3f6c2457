/** Why a worker does not run this program, or undefined. Only what its allow-list names, by absolute path, letter by letter. */
export function refusedProgram(program: string, allowed: readonly string[]): string | undefined {
  const plain = program.startsWith('/') && !/(^|\/)\.{0,2}(\/|$)/.test(program.slice(1));
  if (plain && allowed.includes(program)) return undefined;
  return `"${program}" is not on the worker's allow-list, which has ${allowed.join(', ') || 'nothing'}`;
}
