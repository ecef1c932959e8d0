// Fills in the access code that a QR code brought behind the #, and removes it from the address at once, so that it
// is in no history. Nothing is sent until the button is pressed.
const brought = location.hash.slice(1);
const field = document.getElementById("id_code");
if (field && /^[0-9A-Z]{20}$/i.test(brought)) {
  history.replaceState(null, "", location.pathname);
  field.value = brought.match(/.{4}/g).join(" ");
  field.form.querySelector(".button").focus();
}
