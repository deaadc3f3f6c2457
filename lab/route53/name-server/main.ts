import { rename, writeFile } from 'node:fs/promises';
import { startNameServer } from '../start-name-server';

/** The name server of a lab in the background. What lies in `addressFile` is its address, from the moment on when it answers. */
async function main(stateFile: string, addressFile: string): Promise<void> {
  const { port } = await startNameServer({ stateFile });
  await writeFile(`${addressFile}.new`, `127.0.0.1:${port}`);
  await rename(`${addressFile}.new`, addressFile);
}

const [stateFile = '', addressFile = ''] = process.argv.slice(2);
void main(stateFile, addressFile);
