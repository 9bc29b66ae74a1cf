/** The part of the Web Speech API the page uses; browsers ship it without types. */
interface Recognition {
  lang: string;
  interimResults: boolean;
  start(): void;
  stop(): void;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
}

export type VoiceTrouble = "unsupported" | "denied" | "silent" | "failed";

type Maker = new () => Recognition;

function maker(): Maker | undefined {
  const home = window as unknown as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  return home.SpeechRecognition ?? home.webkitSpeechRecognition;
}

const troubles: Record<string, VoiceTrouble> = {
  "not-allowed": "denied",
  "service-not-allowed": "denied",
  "no-speech": "silent",
  "audio-capture": "denied",
};

/** Listen once in Mandarin; give back how to stop, or null where the browser cannot listen. */
export function listen(handlers: {
  onText: (text: string) => void;
  onTrouble: (trouble: VoiceTrouble) => void;
  onEnd: () => void;
}): (() => void) | null {
  const Make = maker();
  if (!Make) {
    handlers.onTrouble("unsupported");
    return null;
  }
  const recognition = new Make();
  recognition.lang = "zh-CN";
  recognition.interimResults = true;
  recognition.onresult = (event) => {
    handlers.onText(Array.from(event.results, (result) => result[0]?.transcript ?? "").join(""));
  };
  recognition.onerror = (event) => {
    if (event.error !== "aborted") handlers.onTrouble(troubles[event.error] ?? "failed");
  };
  recognition.onend = handlers.onEnd;
  recognition.start();
  return () => recognition.stop();
}
