import { executableName, temporalCliVersion } from './installation-folder';
import { installBinary } from './install-binary';
import { runProgram } from './run-program';
import type { Way } from './way';

const cliModule = `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}`;

export const goInstall: Way = {
  name: `\`go install ${cliModule}\``,
  fix: 'Install Go (https://go.dev/dl) so that `go version` answers, and allow its module proxy (GOPROXY) from this machine.',
  look: async (context) => {
    const { env, say } = context;
    const go = await runProgram({ program: 'go', args: ['version'], env, timeoutSeconds: 20 });
    if (!go.ok) return { why: `go does not run: ${go.why}` };
    return installBinary(context, 'go-install', async (scratch) => {
      say('building it, some minutes, once');
      const run = await runProgram({
        program: 'go',
        args: ['install', cliModule],
        env: { ...env, GOBIN: scratch },
        timeoutSeconds: 1200,
      });
      return run.ok ? { file: executableName } : { why: run.why };
    });
  },
};
