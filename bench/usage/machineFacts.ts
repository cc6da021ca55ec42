import * as z from 'zod';

/** The machine that figures were measured on. */
export const machineFactsSchema = z.object({
  processor: z.string(),
  processors: z.number(),
  memoryGiB: z.number(),
  kernel: z.string(),
});
export type MachineFacts = Readonly<z.infer<typeof machineFactsSchema>>;
