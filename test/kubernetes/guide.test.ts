import { readFileSync } from 'node:fs';
import path from 'node:path';
import { newUser, type NewUser } from './guide/new-user';
import { readGuide } from './guide/read-guide';

const page = 'docs/guide/kubernetes.md';
const patienceMs = 900_000;

let user: NewUser;
beforeAll(async () => void (user = await newUser()), patienceMs);
afterAll(async () => user.leave(), patienceMs);

test(
  `who does what ${page} says, line by line, sees what it shows`,
  async () => {
    for (const { title, steps } of readGuide(readFileSync(path.join(__dirname, '../..', page), 'utf8'))) {
      for (const step of steps) {
        await user.follow(step).catch(({ message }: Error) => {
          throw new Error(`${page} is wrong, in "${title}": ${message}`);
        });
      }
    }
    await user.terminals.interrupt();
    expect(user.terminals.running()).toEqual([]);
  },
  patienceMs,
);
