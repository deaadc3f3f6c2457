import dns, { type Answer, type DecodedPacket, type OptAnswer, type Packet, type Question } from 'dns-packet';
import type { RecordSet } from './record-set';

const rcodes = { ok: 0, formatError: 1, serverFailure: 2, noSuchName: 3, notImplemented: 4, refused: 5 } as const;

/** What the answers are made from. */
export interface ZoneView {
  readonly sets: readonly RecordSet[];
  readonly serial: number;
}

export interface AnswerRequest {
  readonly query: Buffer;
  readonly view: () => ZoneView;
  readonly transport: 'udp' | 'tcp';
}

interface Reply {
  readonly rcode: number;
  readonly authoritative?: boolean;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
}

const plainUdpBytes = 512;
const negativeTtlSeconds = 1;
const longestChain = 8;

/** The answer to one message; undefined when there is nothing that could be answered. */
export function answerQuery({ query, view, transport }: AnswerRequest): Buffer | undefined {
  if (query.length < 12 || (query.readUInt8(2) & 0x80) !== 0) return undefined;
  const request = decode(query);
  if (request === undefined) return encodeReply({ id: query.readUInt16BE(0) }, { rcode: rcodes.formatError });
  const reply = replyTo(request, view);
  const whole = encodeReply(request, reply);
  if (transport === 'tcp' || whole.length <= udpLimit(request)) return whole;
  return encodeReply(request, { ...reply, answers: [], authorities: [] }, dns.TRUNCATED_RESPONSE);
}

function decode(query: Buffer): DecodedPacket | undefined {
  try {
    return dns.decode(query);
  } catch {
    return undefined;
  }
}

function replyTo(request: DecodedPacket, view: () => ZoneView): Reply {
  const opcode = ((request.flags ?? 0) >> 11) & 0xf;
  if (opcode !== 0) return { rcode: rcodes.notImplemented };
  const [question, second] = request.questions ?? [];
  if (question === undefined || second !== undefined) return { rcode: rcodes.formatError };
  if (question.class !== undefined && question.class !== 'IN') return { rcode: rcodes.refused };
  if (['ANY', 'AXFR', 'IXFR'].includes(question.type)) return { rcode: rcodes.notImplemented };
  try {
    return lookUp(question, view());
  } catch {
    return { rcode: rcodes.serverFailure };
  }
}

/** The server is the authority of every name: the zone is the root of its own small world. */
function lookUp(question: Question, { sets, serial }: ZoneView): Reply {
  const name = question.name.toLowerCase().replace(/\.$/, '');
  if (name === '' && question.type === 'SOA') return found([soa(serial)]);
  if (name === '' && question.type === 'NS') return found([{ type: 'NS', name: '.', ttl: 60, data: nameServer }]);
  const answers = follow(sets, name, question);
  if (answers.length > 0) return found(answers);
  const exists = name === '' || sets.some((set) => set.name === name || set.name.endsWith(`.${name}`));
  const rcode = exists ? rcodes.ok : rcodes.noSuchName;
  return { rcode, authoritative: true, authorities: [soa(serial)] };
}

/** Answers of the name itself, or its CNAME and what that leads to. */
function follow(sets: readonly RecordSet[], name: string, question: Question): readonly Answer[] {
  const answers: Answer[] = [];
  // The first owner is written as it was asked: clients compare the letters.
  let owner = question.name;
  let current = name;
  for (let hop = 0; hop < longestChain; hop += 1) {
    const here = sets.filter((set) => set.name === current);
    const set = here.find((candidate) => candidate.type === question.type || candidate.type === 'CNAME');
    if (set === undefined) return answers;
    answers.push(...set.values.map((value) => toAnswer(set, owner, value)));
    if (set.type === question.type) return answers;
    current = set.values[0] ?? '';
    owner = current;
  }
  return answers;
}

function toAnswer(set: RecordSet, name: string, data: string): Answer {
  return { type: set.type, name, ttl: set.ttl, class: 'IN', data };
}

function found(answers: readonly Answer[]): Reply {
  return { rcode: rcodes.ok, authoritative: true, answers };
}

const nameServer = 'ns.switchback.invalid';

function soa(serial: number): Answer {
  const timers = { refresh: 60, retry: 10, expire: 3_600, minimum: negativeTtlSeconds };
  const data = { mname: nameServer, rname: 'hostmaster.switchback.invalid', serial, ...timers };
  return { type: 'SOA', name: '.', ttl: negativeTtlSeconds, class: 'IN', data };
}

function encodeReply(request: Packet, reply: Reply, extraFlags = 0): Buffer {
  const echoed = (request.flags ?? 0) & (dns.RECURSION_DESIRED | 0x7800);
  const authoritative = reply.authoritative === true ? dns.AUTHORITATIVE_ANSWER : 0;
  return dns.encode({
    type: 'response',
    id: request.id ?? 0,
    flags: echoed | authoritative | extraFlags | reply.rcode,
    questions: request.questions ?? [],
    answers: [...(reply.answers ?? [])],
    authorities: [...(reply.authorities ?? [])],
    additionals: optOf(request) === undefined ? [] : [ownOpt],
  });
}

const ownOpt: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1_232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function optOf(request: Packet): OptAnswer | undefined {
  return request.additionals?.find((record): record is OptAnswer => record.type === 'OPT');
}

function udpLimit(request: Packet): number {
  return Math.max(plainUdpBytes, Math.min(optOf(request)?.udpPayloadSize ?? 0, ownOpt.udpPayloadSize));
}
