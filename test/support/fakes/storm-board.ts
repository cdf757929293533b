import type { StormBoard } from '../../../src/core/ports/storm-board.ts';
import type { Weather } from '../../../src/core/weather.ts';

export function createFakeStormBoard(): StormBoard {
  const weathers = new Map<string, Weather>();
  return {
    read: async (channel) => weathers.get(channel) ?? { recent: [] },
    write: async (channel, weather) => void weathers.set(channel, weather),
  };
}
