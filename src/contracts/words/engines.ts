/** What a lab can be made on: the user's Docker engine, or the lab's own VM. */
export const engineKinds = ['local', 'vm'] as const;

/** What `--engine` takes. */
export const engineChoices = ['auto', ...engineKinds] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** What `--accel` takes. */
export const acceleratorChoices = ['auto', 'kvm', 'tcg'] as const;
export type AcceleratorChoice = (typeof acceleratorChoices)[number];

/** What a machine has of an image: a set that was `loaded`, or the base made from packages (`cached`). */
export type ImageStock = 'loaded' | 'cached';
