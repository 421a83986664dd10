import type { Law } from './law';

/** Probability mass by occupation, memory, type and level, at one education. */
export class Masses {
  readonly occupations: number[] = [];
  readonly memories: number[] = [];
  /** One block a pair of occupation and memory: [types, levels] */
  readonly blocks: Float64Array[] = [];
  private readonly slots = new Map<number, Float64Array>();

  constructor(private readonly law: Law) {}

  /** The block of an occupation and a memory, made of zeros where there was none. */
  at(occupation: number, memory: number): Float64Array {
    const key = occupation * (this.law.titles.length + 1) + memory + 1;
    let block = this.slots.get(key);
    if (block === undefined) {
      block = new Float64Array(this.law.types * this.law.levels);
      this.slots.set(key, block);
      this.occupations.push(occupation);
      this.memories.push(memory);
      this.blocks.push(block);
    }
    return block;
  }

  scale(factor: number): void {
    for (const block of this.blocks) for (let i = 0; i < block.length; i++) block[i] = (block[i] as number) * factor;
  }

  sum(): number {
    let sum = 0;
    for (const block of this.blocks) for (let i = 0; i < block.length; i++) sum += block[i] as number;
    return sum;
  }
}
