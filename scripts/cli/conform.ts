import type { Command } from 'commander';
import type { CliContext, CommandModule } from './command.ts';
import { integer, list, seed as seedValue } from './option-values.ts';

interface ConformOptions {
  readonly case?: readonly string[];
  readonly level?: 'must' | 'should' | 'may';
  readonly jobs: number;
  readonly out: string;
  readonly json?: boolean;
  readonly list?: boolean;
  readonly timeout: number;
  readonly allowHost?: readonly string[];
  readonly seed?: number;
  readonly expectations?: readonly string[];
  readonly gate: boolean;
}
