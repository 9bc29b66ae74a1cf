/** Run `work` soon, once for many asks, and never twice at a time: events come in bursts. */
export function calm(work: () => Promise<void>, later: (run: () => void) => void): () => void {
  let wanted = false;
  let busy = false;
  async function run(): Promise<void> {
    wanted = false;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
      if (wanted) later(() => void run());
    }
  }
  return () => {
    if (wanted) return;
    wanted = true;
    if (!busy) later(() => void run());
  };
}
