import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { scenarioJsonSchemaText, schemaFile } from '../../scenario/file/jsonSchema.js';
import type { Scenario } from '../../scenario/model/scenario.js';

/** Writes a scenario's file and its rule files into its folder as they were read, because a file may have been edited since. */
export async function recordScenario({ record }: Pick<Scenario, 'record'>, directory: string): Promise<void> {
  for (const { name, text } of record) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

/** Writes the schema of scenarios into a run's directory, where the copies of scenarios look for it: an editor that opens one finds it. */
export async function recordSchema(out: string): Promise<void> {
  await writeFile(path.join(out, schemaFile), scenarioJsonSchemaText());
}
