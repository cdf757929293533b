/** The text of an answer; fails where it is larger than `largest` bytes, before it fills the memory. */
export async function readBounded(body: AsyncIterable<unknown>, largest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > largest) throw new Error(`its answer is larger than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
