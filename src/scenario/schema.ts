import * as z from 'zod';
import { deadlinesSchema } from './schema/deadlines.js';
import { expectSchema } from './schema/expect.js';
import { loadSchema } from './schema/load.js';
import { roleSchema } from './schema/role.js';
import { topologySchema } from './schema/topology.js';

/** One word for the topic, so that `<topic>-<behaviour>`, as directories and containers are called, names one id only. */
const idPattern = /^[a-z][a-z0-9]*\/[a-z0-9]+(?:-[a-z0-9]+)*$/;

const idExpected = 'expected `<topic>/<behaviour>` in lower case, such as `close/server-first`';

const prose = () => z.string().trim().min(1);

/** A scenario file. Strict throughout: an unknown key is an error. */
export const scenarioSchema = z.strictObject({
  id: z
    .string({ error: idExpected })
    .max(80)
    .regex(idPattern, { error: idExpected })
    .describe('`<topic>/<behaviour>`: the path of the file below its library, without `.yaml`.'),
  title: prose()
    .max(100)
    .regex(/^[^\n]*$/, { error: 'expected one line' })
    .describe('One line for listings.'),
  story: prose().describe('What an operator sees, for someone who meets it for the first time.'),
  why: prose().describe('Why it happens, down to the kernel functions.'),
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'expected lower-case words and dashes' }))
    .prefault([])
    .describe('Words to select scenarios by.'),
  topology: topologySchema.prefault({}).describe('The nodes, their addresses and the IPVS service.'),
  director: roleSchema.prefault({}).describe('Packet filter and sysctls of the director.'),
  realserver: roleSchema.prefault({}).describe('Packet filter and sysctls of every realserver.'),
  client: roleSchema.prefault({}).describe('Packet filter and sysctls of the client.'),
  load: loadSchema.describe('What the client does.'),
  expect: expectSchema.describe('What the run must find to pass.'),
  deadlines: deadlinesSchema.prefault({}).describe('How long each stage may take.'),
});

/** A scenario file after validation, before it gets the shape of `Scenario`. */
export type ScenarioFile = z.output<typeof scenarioSchema>;
