// The policy forbids inline scripts, so the one line that starts the interface has a file.
import start from "./app.js";

start({ module_or_path: new URL("app.wasm", import.meta.url) });
