/** Bytes of a JSON document that some run wrote; thousands of results have a few hundred megabytes less. */
export const largestDocument = 512 * 1024 ** 2;
