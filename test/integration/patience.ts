/** Servers and processes take their time on a busy machine; a wait for a condition ends long before this when all is well. */
jest.setTimeout(600_000);
