// Records the borrower's voice on the page, lets them hear it, and puts it into the form's field for files. Without
// this script, or where the browser does not record, a recording made with the phone is chosen instead.
const box = document.querySelector("[data-recorder]");
const field = document.getElementById("files");
const part = (name) => box.querySelector(name);
const [record, stop, state, player, keep] = ["[data-record]", "[data-stop]", "[data-state]", "audio", "[data-keep]"].map(part);
const ENDINGS = { "audio/webm": "weba", "audio/mp4": "m4a", "audio/ogg": "ogg" }; // type that the browser records
let recorder;
let timer;

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function show(recording) {
  record.hidden = recording;
  stop.hidden = !recording;
  keep.hidden = player.hidden = true;
}

async function begin() {
  let microphone;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    state.textContent = box.dataset.refused;
    field.focus();
    return;
  }
  const pieces = [];
  const began = performance.now();
  const tick = () => {
    state.textContent = state.dataset.going.replace("{time}", clock((performance.now() - began) / 1000));
    dispatchEvent(new Event("busy")); // somebody is here who does not touch the page
  };
  recorder = new MediaRecorder(microphone);
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.addEventListener("stop", () => {
    clearInterval(timer);
    for (const track of microphone.getTracks()) track.stop();
    offer(new Blob(pieces, { type: recorder.mimeType }));
  });
  recorder.start(1000); // in pieces, so that what was said until the browser stops it is there
  timer = setInterval(tick, 1000);
  tick();
  show(true);
  stop.focus();
}

// The recording in the form, as if its file had been chosen, and in the player.
function offer(sound) {
  show(false);
  state.textContent = "";
  const type = sound.type.split(";")[0];
  const now = new Date();
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
  const name = `${box.dataset.name} ${day}.${ENDINGS[type] || "weba"}`;
  const chosen = new DataTransfer();
  chosen.items.add(new File([sound], name, { type }));
  field.files = chosen.files;
  player.src = URL.createObjectURL(sound);
  player.hidden = keep.hidden = false;
  keep.querySelector("button").focus();
}

if (window.MediaRecorder && navigator.mediaDevices?.getUserMedia) box.hidden = false;
record.addEventListener("click", begin);
stop.addEventListener("click", () => recorder.stop());
// The way out: the microphone is closed with the page.
addEventListener("leaving", () => recorder?.state === "recording" && recorder.stop());
