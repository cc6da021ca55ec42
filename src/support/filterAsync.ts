/** The items for which an asynchronous question is answered with yes; it is asked of all at the same time. */
export async function filterAsync<T>(
  items: readonly T[],
  isWanted: (item: T) => Promise<boolean>,
): Promise<readonly T[]> {
  const asked = await Promise.all(items.map(async (item) => ({ item, answer: await isWanted(item) })));
  return asked.filter(({ answer }) => answer).map(({ item }) => item);
}
