/**
 * Loaded before a program (`node --import <this file>?mutant=<id> …`), it plants that mutant: the module is changed on its
 * way into the process, and no file is touched.
 */
import { register } from 'node:module';
import { findMutant } from './index.ts';

const id = new URL(import.meta.url).searchParams.get('mutant') ?? '';
register('./plant-hooks.js', import.meta.url, { data: findMutant(id) });
