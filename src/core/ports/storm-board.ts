import type { Weather } from '../weather.ts';

/** How busy each channel is, shared by all processes. */
export interface StormBoard {
  read(channel: string): Promise<Weather>;
  write(channel: string, weather: Weather): Promise<void>;
}
