import { type Alias, isAlias, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap } from 'yaml';
import { quote } from '../quote';
import { didYouMean } from '../nearest-name';
import type { Fault } from './fault';
import { limits } from './limits';

export interface PlainData {
  /** Objects, arrays and scalars; undefined when aliases make it too large. What two aliases stand for is one object. */
  readonly data: unknown;
  readonly faults: readonly Fault[];
  readonly aliases: ReadonlyMap<Alias, ParsedNode>;
}

/** Names that mean something to JavaScript objects; refused before any object gets them. */
const reservedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A value and how many values it is when its aliases are written out. */
interface Converted {
  readonly value: unknown;
  readonly size: number;
}

/**
 * Turns the nodes of a document into plain data without copying what an alias stands for, so that a bomb of aliases costs
 * what its text costs. Finds what the language leaves out of YAML, all of it at once.
 */
export function plainData(root: ParsedNode | null): PlainData {
  const conversion = new Conversion();
  const { value, size } = conversion.convert(root);
  if (size <= limits.values) return { data: value, faults: conversion.faults, aliases: conversion.aliases };
  const message = `the runbook has more than ${limits.values} values once its aliases are replaced by what they stand for`;
  const faults: Fault[] = [...conversion.faults, { offset: 0, code: 'RunbookTooLarge', message }];
  return { data: undefined, faults, aliases: conversion.aliases };
}

class Conversion {
  readonly faults: Fault[] = [];
  readonly aliases = new Map<Alias, ParsedNode>();
  /** An anchor is open (undefined) until what it names is converted. */
  private readonly anchors = new Map<string, { node: ParsedNode; converted: Converted | undefined }>();

  convert(node: ParsedNode | null): Converted {
    if (node === null) return { value: null, size: 1 };
    if (node.tag !== undefined)
      this.refuse(node, 'TagNotAllowed', `the tag ${quote(node.tag)} is not part of a runbook`);
    if (isAlias(node)) return this.resolve(node);
    const anchor = { node, converted: undefined as Converted | undefined };
    if (node.anchor !== undefined) this.anchors.set(node.anchor, anchor);
    anchor.converted = this.content(node);
    return anchor.converted;
  }

  private content(node: Exclude<ParsedNode, Alias.Parsed>): Converted {
    if (isScalar(node)) return { value: node.value, size: 1 };
    if (isSeq<ParsedNode>(node)) return this.list(node.items);
    return this.map(node);
  }

  private list(items: readonly ParsedNode[]): Converted {
    const converted = items.map((item) => this.convert(item));
    return { value: converted.map(({ value }) => value), size: converted.reduce((sum, { size }) => sum + size, 1) };
  }

  private map(map: YAMLMap<ParsedNode, ParsedNode | null>): Converted {
    const value: Record<string, unknown> = {};
    const keys = new Map<string, number>();
    let total = 1;
    for (const pair of map.items) {
      const member = this.convert(pair.value);
      total += member.size;
      const key = this.key(pair, keys);
      if (key !== undefined) value[key] = member.value;
    }
    return { value, size: total };
  }

  /** The key of a pair, or undefined when the pair must be left out. */
  private key({ key: node }: Pair<ParsedNode, ParsedNode | null>, before: Map<string, number>): string | undefined {
    if (!isScalar(node)) return undefined;
    if (node.tag !== undefined) this.convert(node);
    const key = String(node.value);
    if (key === '<<') return this.refuse(node, 'MergeKeyNotAllowed', 'merge keys are not part of a runbook');
    if (reservedKeys.has(key)) return this.refuse(node, 'ReservedKey', `the key ${quote(key)} is reserved`);
    const first = before.get(key);
    if (first !== undefined) return this.refuse(node, 'DuplicateKey', `the key ${quote(key)} is there twice`, first);
    before.set(key, node.range[0]);
    return key;
  }

  private resolve(alias: Alias.Parsed): Converted {
    const anchor = this.anchors.get(alias.source);
    if (anchor === undefined) {
      const near = this.isFull ? '' : didYouMean(alias.source, [...this.anchors.keys()]);
      this.refuse(alias, 'UnknownAlias', `there is no anchor ${quote(alias.source)} before this alias${near}`);
    } else if (anchor.converted === undefined) {
      this.refuse(alias, 'AliasLoop', `the alias ${quote(alias.source)} stands inside of its own anchor`);
    } else {
      this.aliases.set(alias, anchor.node);
      return anchor.converted;
    }
    return { value: null, size: 1 };
  }

  /** More faults than are shown: the rest is only counted, as one. */
  private get isFull(): boolean {
    return this.faults.length > limits.diagnostics;
  }

  private refuse(node: ParsedNode, code: Fault['code'], message: string, first?: number): undefined {
    if (!this.isFull)
      this.faults.push({ offset: node.range[0], code, message, ...(first === undefined ? {} : { first }) });
    return undefined;
  }
}
