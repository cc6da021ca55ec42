import * as z from 'zod';

const closeSchema = z
  .strictObject({
    first: z.enum(['server', 'client']).describe('Which side closes first.'),
    how: z
      .enum(['fin', 'rst', 'half-close'])
      .prefault('fin')
      .describe(
        '`fin`: close(). `rst`: close() with SO_LINGER 0. `half-close`: shutdown(SHUT_WR), then read to the end. The last two only with `first: client`.',
      ),
  })
  .superRefine(({ first, how }, context) => {
    if (first === 'client' || how === 'fin') return;
    const message = `expected \`fin\` with \`first: server\`, found \`${how}\`; the realserver's nginx closes with FIN only`;
    context.addIssue({ code: 'custom', path: ['how'], message });
  });

/** The `load` section. */
export const loadSchema = z.strictObject({
  connections: z.number().int().min(1).max(1000).prefault(10).describe('How many connections, 1 to 1000.'),
  close: closeSchema.describe('How each connection ends.'),
});
