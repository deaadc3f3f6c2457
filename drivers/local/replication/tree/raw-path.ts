/**
 * A path whose characters are its bytes (latin1): names on disk need not be valid UTF-8, and must survive the copy as they are.
 */
export type RawPath = string;

export const toRawPath = (path: string): RawPath => Buffer.from(path, 'utf8').toString('latin1');

/** True: the path is the same in every encoding, and can be given to node:fs as it is, which is faster. */
export const isAscii = (path: RawPath): boolean => !/[\x80-\xff]/.test(path);

/** As the functions of node:fs take it. */
export const forFs = (path: RawPath): string | Buffer => (isAscii(path) ? path : Buffer.from(path, 'latin1'));

export const forPeople = (path: RawPath): string => Buffer.from(path, 'latin1').toString('utf8');

/** "" is the root of a tree. */
export const parentOf = (path: RawPath): RawPath => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const under = (root: RawPath, path: RawPath): RawPath => (path === '' ? root : `${root}/${path}`);
