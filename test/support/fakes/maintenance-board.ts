import type { Clock } from '../../../src/core/ports/clock.ts';
import type { AnnouncedMaintenance, MaintenanceBoard } from '../../../src/core/ports/maintenance-board.ts';

export function createFakeMaintenanceBoard(clock: Pick<Clock, 'now'>): MaintenanceBoard {
  const known = new Map<string, AnnouncedMaintenance>();
  return {
    announce: async (maintenance) => void known.set(maintenance.namespace, maintenance),
    all: async () => [...known.values()].filter(({ until }) => until > clock.now()),
  };
}
