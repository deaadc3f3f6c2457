import { ESLint } from 'eslint';

/** Reads { file: source, ... } as JSON from its input; writes { file: [[line, rule], ...], ... }. */
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const eslint = new ESLint();
const broken = {};
for (const [filePath, source] of Object.entries(JSON.parse(Buffer.concat(chunks).toString()))) {
  const [{ messages }] = await eslint.lintText(source, { filePath });
  broken[filePath] = messages.map(({ line, ruleId, message }) => [line, ruleId ?? message]);
}
console.log(JSON.stringify(broken));
