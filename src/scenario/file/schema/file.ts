import { starts } from '../../../contracts/words/phases.js';
import * as z from 'zod';
import { deadlinesSchema } from './deadlines.js';
import { eventsSchema } from './events.js';
import { expectSchema } from './expect.js';
import { flowsSchema } from './flows.js';
import { loadSectionSchema } from './load.js';
import { mutationSchema } from './mutation.js';
import { nodesSchema, roleSchema } from './role.js';
import { topologySchema } from './topology.js';

/** One word for the topic, so that `<topic>-<behaviour>`, as directories and containers are called, names one id only. */
const idPattern = /^[a-z][a-z0-9]*\/[a-z0-9]+(?:-[a-z0-9]+)*$/;

const idExpected = 'expected `<topic>/<behaviour>` in lower case, such as `close/server-first`';

const prose = () => z.string().trim().min(1);

const url = z.url({ protocol: /^https?$/, error: 'expected a URL that starts with `https://`' });

const titled = z.strictObject({
  title: prose().max(200).describe('What the report is called: `firewalld 1498: ...`.'),
  url: url.describe('Where it is to be read.'),
});

/** The sections of a scenario file, before they are checked against each other. */
export const scenarioSections = z.strictObject({
  id: z
    .string({ error: idExpected })
    .max(80)
    .regex(idPattern, { error: idExpected })
    .describe('`<topic>/<behaviour>`: the path of the file below its library, without `.yaml`.'),
  title: prose()
    .max(100)
    .regex(/^[^\n]*$/, { error: 'expected one line' })
    .describe('One line for listings.'),
  story: prose().optional().describe('What an operator sees, for someone who meets it for the first time.'),
  why: prose().optional().describe('Why it happens, down to the kernel functions.'),
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'expected lower-case words and dashes' }))
    .prefault([])
    .describe('Words to select scenarios by.'),
  'measured-on': z
    .array(z.string().regex(/^\d+\.\d+\S*$/, { error: 'expected a kernel release such as `6.1.0-56-amd64`' }))
    .prefault([])
    .describe('Kernel releases that the expectation was seen on.'),
  see: z
    .array(z.union([url.transform((one) => ({ url: one })), titled]))
    .prefault([])
    .describe(
      'Public reports and sources: URLs, or `{ title, url }` of each, the title with the number of a report.',
    ),
  topology: topologySchema.prefault({}).describe('The nodes, their networks and the IPVS services.'),
  director: roleSchema.prefault({}).describe('Packet filter and sysctls of each director.'),
  realserver: roleSchema.prefault({}).describe('Packet filter and sysctls of every realserver.'),
  client: roleSchema.prefault({}).describe('Packet filter and sysctls of the client.'),
  router: roleSchema
    .optional()
    .describe('Packet filter and sysctls of the router; needs `topology.network: routed`.'),
  nodes: nodesSchema
    .prefault({})
    .describe(
      "Packet filter and sysctls of single nodes by name (`realserver1`, `director2`): each key given stands in place of that of the node's role, and null leaves it out.",
    ),
  start: z
    .enum(starts)
    .prefault('cold')
    .describe(
      'Whether the measured run finds the nodes as after a restart (cold), or knowing what the control run taught them: neighbours, routes, TCP metrics, IPVS connections and persistence templates (warm).',
    ),
  load: loadSectionSchema.describe('What the client does with sockets of its kernel.'),
  flows: flowsSchema
    .optional()
    .describe(
      "Load made with raw sockets beside that of `load`, whose connections are then its witnesses: tens of thousands of conversations that the client's kernel never sees.",
    ),
  events: eventsSchema
    .prefault([])
    .describe('What happens in the middle of the measured run, 20 things at most.'),
  unmatched: z
    .literal('accept')
    .optional()
    .describe(
      '`accept`: judge although rules name interfaces, addresses, sets, marks or users that the lab does not have. Left out: a verdict that may depend on one is inconclusive.',
    ),
  expect: expectSchema.describe('What the run must find to pass.'),
  deadlines: deadlinesSchema.prefault({}).describe('How long each stage may take.'),
  mutation: mutationSchema
    .optional()
    .describe(
      'The same scenario with something broken, or mended, on purpose, with which it must be reported as failed. Keys given replace those of the scenario, null removes one.',
    ),
});

/** A scenario file after validation, before it gets the shape of `Scenario`. */
export type ScenarioFile = z.output<typeof scenarioSections>;
