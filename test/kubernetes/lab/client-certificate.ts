import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** As the user of a kubeconfig has them, in base64. */
export interface ClientCertificate {
  readonly 'client-certificate-data': string;
  readonly 'client-key-data': string;
}

/** A client certificate of one day and its key, which is one line of a PEM. */
export async function makeClientCertificate(): Promise<ClientCertificate> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-certificate-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const files = ['-newkey', 'ed25519', '-nodes', '-keyout', key, '-out', cert];
  await promisify(execFile)('openssl', ['req', '-x509', ...files, '-subj', '/CN=switchback-worker', '-days', '1']);
  const data = async (file: string): Promise<string> => (await readFile(file)).toString('base64');
  const made = { 'client-certificate-data': await data(cert), 'client-key-data': await data(key) };
  await rm(folder, { recursive: true });
  return made;
}
