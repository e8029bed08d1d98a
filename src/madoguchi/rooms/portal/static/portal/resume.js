// Fill the resume code from the address of its QR code (after "#", which no server sees), then take it out of the address.
const field = document.getElementById("code");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
