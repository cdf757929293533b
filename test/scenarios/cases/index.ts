import { benignCases } from './benign.ts';
import type { Benign, Case, Fault } from './case.ts';
import { crashes } from './crashes.ts';
import { startFaults } from './starting.ts';
import { workloadFaults } from './workloads.ts';

export const faults: readonly Fault[] = [...crashes, ...startFaults, ...workloadFaults];

export const benign: readonly Benign[] = benignCases;

export const allCases: readonly Case[] = [...faults, ...benign];
