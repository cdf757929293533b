/** What is thrown while an answer is read that is longer than allowed. */
export class AnswerTooLarge extends Error {}

/**
 * `fetch` that gives an answer up, and its connection with it, once more than `limit` bytes have come: however it is packed, never more than that and one
 * chunk is held. It follows no redirect: what is asked goes to the server that was configured, or nowhere.
 */
export function limitAnswers(limit: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'error' });
    if (response.body === null) return response;
    let size = 0;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          size += chunk.byteLength;
          if (size > limit) controller.error(new AnswerTooLarge(`its answer is longer than ${limit} bytes`));
          else controller.enqueue(chunk);
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(counted, { status, statusText, headers });
  };
}
