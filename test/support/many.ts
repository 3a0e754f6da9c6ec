// As many as even a busy machine answers before anybody has waited too long for a connection.
const WIDTH = 32;

/** Does the same so many times, many at once, and returns what came of each in their order. */
export async function atOnce<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let begun = 0;
  const worker = async () => {
    for (let index = begun++; index < count; index = begun++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return results;
}
