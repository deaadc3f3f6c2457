import type { DataConverter } from '@temporalio/common';
import { compressingCodec } from './compressing-codec';

/** Of every client, every worker and every replay: what one of them writes the others must read. */
export const dataConverter: DataConverter = { payloadCodecs: [compressingCodec] };
