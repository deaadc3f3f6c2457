import { endProcessesOf } from './home-processes';

/**
 * A program: `warden <home>`, started with a channel to its parent. When the parent has ended, however that was, it ends
 * every other process of the home.
 */
const home = process.argv[2] ?? '';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => {
  void endProcessesOf(home).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
