// Node loads the module, and there is no room on the stack for more.
let loaded = false;
(function deep() {
  try {
    deep();
  } catch {}
  if (loaded) return;
  try {
    require('child_process');
    loaded = true;
  } catch {}
})();
console.log(loaded);
