/** A load of HTTP requests: many connections, on each one request after the other, and every answer looked at. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const REQUEST = 'GET /load HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly requests: number;
  /** What each answer is, as a whole. */
  readonly answer: string;
}

/** Answers how many requests were answered rightly; fails when a connection ends or an answer is another one. */
export async function putLoad({ port, connections, requests, answer }: Load): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  let left = requests;
  const next = () => left-- > 0;
  const answered = await Promise.all(
    sockets.map(async (socket) => {
      const count = await askAll(socket, answer, next);
      socket.end();
      await once(socket, 'close');
      return count;
    }),
  );
  return answered.reduce((sum, count) => sum + count, 0);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Asks as long as `next` says so; resolves with the number of answers. */
function askAll(socket: Socket, answer: string, next: () => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let came = '';
    const lost = () => reject(new Error('a connection was closed'));
    const ask = () => {
      if (next()) return void socket.write(REQUEST);
      socket.off('close', lost);
      resolve(answered);
    };
    socket.setEncoding('latin1').on('data', (text: string) => {
      came += text;
      if (came.length < answer.length) return;
      if (came !== answer) return reject(new Error(`an answer was ${JSON.stringify(came)}`));
      came = '';
      answered++;
      ask();
    });
    socket.on('error', reject).on('close', lost);
    ask();
  });
}
