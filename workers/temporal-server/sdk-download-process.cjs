const { TestWorkflowEnvironment } = require('@temporalio/testing');

/**
 * sdk-download-process.cjs <folder> <version>: the SDK downloads only for a server that it then starts, so one is started
 * and stopped. Ends with exit code 1 and one line when the download is refused.
 */
const [, , downloadDir, version] = process.argv;

TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', downloadDir, version } } })
  .then((environment) => environment.teardown())
  .then(
    () => process.exit(0),
    (error) => {
      // The cause comes last and says most; the rest repeats the address.
      const [what, ...causes] = String(error.message).split(
        /: (?=error sending request|client error|dns error|tunnel error|tcp connect)/,
      );
      console.error([what, causes.at(-1)].filter(Boolean).join(': '));
      process.exit(1);
    },
  );
