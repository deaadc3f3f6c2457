import { constants } from 'node:fs';

/** Never follows a link, and never waits for the writer of a pipe that took the place of the file. */
export const readOnlyFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
