import { generatedFiles, staleFiles } from '../../../scripts/check-generated';
import { runbookJsonSchema } from '../../../scripts/generate-runbook-schema';

test.each(generatedFiles())('$path is what its sources give (npx tsx scripts/check-generated.ts --write)', (file) => {
  expect(staleFiles([file])).toEqual([]);
});

test('a generated file that is missing or differs is stale', () => {
  expect(staleFiles([{ path: 'runbooks/no-such-file', content: '' }])).toEqual(['runbooks/no-such-file']);
  expect(staleFiles([{ path: 'runbooks/shop.yaml', content: 'other' }])).toEqual(['runbooks/shop.yaml']);
});

interface Described {
  readonly description?: string;
  readonly $ref?: string;
  readonly allOf?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Described>>;
}

test('every key of the language has a description', () => {
  const schema = runbookJsonSchema();
  const undescribed: string[] = [];
  const visit = (at: string, { properties }: Described): void => {
    for (const [key, property] of Object.entries(properties ?? {})) {
      const refers = property.$ref !== undefined || property.allOf !== undefined;
      if (property.description === undefined && !refers) undescribed.push(`${at}.${key}`);
      visit(`${at}.${key}`, property);
    }
  };
  visit('runbook', schema as Described);
  for (const [name, definition] of Object.entries(schema.definitions ?? {})) {
    visit(name, definition as Described);
    if (name !== 'Operation' && (definition as Described).description === undefined) undescribed.push(name);
  }
  expect(undescribed).toEqual([]);
});
