/** Reads server-sent events. */
import { SnapvmRequestError } from '../client/errors.js';

/** An event: its name, and its data as one text. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Of one event that has not ended. A line of a function has 16 KiB at most, which JSON may make six times as long. */
const MOST_CHARACTERS = 2 ** 20;

/** The events in a body, as they come. @throws SnapvmRequestError `SNAPVM_CLIENT_ANSWER`: an event is too long */
export async function* serverEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data = '';
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.map((text) => text.replace(/\r$/, ''))) {
      if (line.startsWith('event: ')) name = line.slice('event: '.length);
      else if (line.startsWith('data: ')) data += line.slice('data: '.length);
      else if (line === '') {
        if (data !== '') yield { name, data };
        name = '';
        data = '';
      }
    }
    if (rest.length + data.length > MOST_CHARACTERS)
      throw new SnapvmRequestError(
        'SNAPVM_CLIENT_ANSWER',
        `an event of the server has more than ${MOST_CHARACTERS} characters; is it snapvm that answers there?`,
      );
  }
}
