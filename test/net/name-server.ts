/** A small name server for tests, on a free UDP port of 127.0.0.1: answers A and AAAA questions from a table. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseIp } from '../../src/kernel/sockets/ip-text.js';

/** What a name has: addresses of both families, an error code of DNS (RFC 1035 §4.1.1), or no answer at all. */
export type NameRecord = readonly string[] | { readonly code: number } | 'silent';

const NAME_ERROR = 3;
const TYPE_A = 1;
const TYPE_AAAA = 28;

export interface NameServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Names by which clients ask; may be changed at any time. */
  readonly names: Map<string, NameRecord>;
  /** Names in the order in which they were asked for, once for each family. */
  readonly asked: string[];
  /** Resolves at the next question. */
  heard(): Promise<unknown>;
  close(): void;
}

export async function startNameServer(names: Readonly<Record<string, NameRecord>>): Promise<NameServer> {
  const socket: Socket = createSocket('udp4');
  const table = new Map(Object.entries(names));
  const asked: string[] = [];
  socket.on('message', (message, from) => {
    const { name, type, end } = readQuestion(message);
    asked.push(name);
    const record = table.get(name.toLowerCase()) ?? { code: NAME_ERROR };
    if (record !== 'silent')
      socket.send(reply(message.subarray(0, end), type, record), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    names: table,
    asked,
    heard: () => once(socket, 'message'),
    close: () => socket.close(),
  };
}

/** The question of a message; `end` is where it ends. */
function readQuestion(message: Buffer): {
  readonly name: string;
  readonly type: number;
  readonly end: number;
} {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function reply(question: Buffer, type: number, record: Exclude<NameRecord, 'silent'>): Buffer {
  const found = 'code' in record ? [] : record.map((text) => parseIp(text)!);
  const answers = found.filter(
    ({ length }) => length === (type === TYPE_A ? 4 : type === TYPE_AAAA ? 16 : 0),
  );
  const head = Buffer.from(question);
  // An answer, recursion desired and available.
  head.writeUInt16BE(0x8180 | ('code' in record ? record.code : 0), 2);
  head.writeUInt16BE(answers.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...answers.map((octets) => resourceRecord(type, octets))]);
}

/** A record about the name of the question, which is at 12; it may be kept for a second. */
function resourceRecord(type: number, octets: Uint8Array): Buffer {
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(1, 6);
  record.writeUInt16BE(octets.length, 10);
  return Buffer.concat([record, octets]);
}
