/** What has to be done when the bench ends, however it ends: one listener for all, because a run may have many targets. */

const tasks = new Set<() => void>();

/** Has `task` done at the end of the process. Returns the function that takes that back. */
export function atExit(task: () => void): () => void {
  if (tasks.size === 0) process.once('exit', runAll);
  tasks.add(task);
  return () => {
    tasks.delete(task);
    if (tasks.size === 0) process.off('exit', runAll);
  };
}

function runAll(): void {
  for (const task of tasks) task();
}
