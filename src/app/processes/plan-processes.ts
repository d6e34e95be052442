const most = 64;

/** How many processes work in one `start`. `cores`: those that the machine gives this process. */
export function planProcesses(setting: number | 'auto', cores: number): number {
  if (setting !== 'auto') return setting;
  return Math.min(most, Math.max(1, Math.floor(cores / 2)));
}
