/** The name of an image with a set of tools in it: `debian:trixie+patched`. */
export function withTools(image: string, tools: string): string {
  return `${image}+${tools}`;
}

/** Takes the name of an image and that of the set in it apart. No reference of an image has a plus. */
export function splitTools(image: string): { readonly base: string; readonly tools: string | undefined } {
  const at = image.indexOf('+');
  return at === -1
    ? { base: image, tools: undefined }
    : { base: image.slice(0, at), tools: image.slice(at + 1) };
}
