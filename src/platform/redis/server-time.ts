/**
 * Lua: `now()` is the server's time in epoch milliseconds with three decimals, as text for a score. One clock for all processes, and
 * fine enough that what is written one after the other is in order.
 */
export const serverTime = `
local function now()
  local time = redis.call('TIME')
  return string.format('%.3f', time[1] * 1000 + time[2] / 1000)
end`;
