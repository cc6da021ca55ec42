/** The files of a kernel, from any source. They belong to the source and are not changed. */
export interface KernelParts {
  /** Path of the bzImage. */
  readonly image: string;
  /** A directory laid out as /lib/modules/RELEASE; undefined: everything is built in. */
  readonly modules: string | undefined;
  /** Path of the configuration that it was built with; undefined: there is no such file, but the image may contain it. */
  readonly config: string | undefined;
}
