// Starts the interface. It is a file because the policy forbids inline scripts. Whatever the interface needs first
// is asked for at once and beside each other: its code, the host's state, the words. `ui/src/beforehand.rs` takes
// the answers.
const module = WebAssembly.compileStreaming(fetch("app.wasm"));
const chinese = navigator.language.toLowerCase().startsWith("zh");
const words = chinese ? "words.zh.txt" : "words.en.txt";
globalThis.beforehand = {
  get_state: globalThis.__TAURI_INTERNALS__?.invoke("dispatch", { name: "get_state", request: {} }),
  [words]: fetch(words).then((response) => response.arrayBuffer()),
};
// Whoever takes a promise hears of its failure; one that nobody takes is no fault.
for (const promise of Object.values(globalThis.beforehand)) {
  promise?.catch(() => {});
}

const { default: start } = await import("./app.js");
await start({ module_or_path: await module });
