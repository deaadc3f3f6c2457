import os from 'node:os';
import path from 'node:path';

/** The newest version that `go install` builds: later ones replace modules in a way that it refuses. */
export const temporalCliVersion = '1.5.1';

export const executableName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Where this user's cached Temporal CLI of the pinned version lies. The folder need not exist. */
export function installationFolder(env: NodeJS.ProcessEnv): string {
  return cacheFolder(env, `temporal-cli-${temporalCliVersion}`);
}

/** A folder of Switchback's in this user's cache. */
export function cacheFolder(env: NodeJS.ProcessEnv, name: string): string {
  return path.join(userCacheFolder(env), 'switchback', name);
}

function userCacheFolder(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] || os.homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches');
  if (process.platform === 'win32') return env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local');
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG rule: a relative path is no cache folder.
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache');
}
