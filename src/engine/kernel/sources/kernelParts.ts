/** What a source of kernels brought. The files are the source's own and stay as they are. */
export interface KernelParts {
  /** The bzImage. */
  readonly image: string;
  /** A directory laid out as /lib/modules/RELEASE; undefined: everything is built in. */
  readonly modules: string | undefined;
  /** The configuration it was built with; undefined: not beside it, perhaps in the image itself. */
  readonly config: string | undefined;
}
