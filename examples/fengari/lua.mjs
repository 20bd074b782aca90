// Lua, by the virtual machine of fengari.
//
// usage: lua SCRIPT | lua -e CODE | lua - < SCRIPT
//
// Each place of Lua's own that reads code is replaced: the script, dofile, loadfile,
// require, LUA_INIT, -e and standard input. `load` of a string is left: what runs it
// was let in before.
import { readFileSync } from 'node:fs';
import fengari from 'fengari';
import { checkInteractive, NotFoundError, readFirstMayExecSync, readMayExecSync } from 'mayexec';

const { lua, lauxlib, lualib, to_luastring: toLua, to_jsstring: toText } = fengari;

/** The text of a stream, once it is known that code may come from it. */
function readStandardInput() {
  checkInteractive({ fd: 0 });
  return readFileSync(0);
}

/** Compiles the text, and puts the function onto the stack. A first line with # is not Lua. */
function load(L, bytes, name) {
  const end = bytes[0] === 0x23 ? Math.max(bytes.indexOf('\n'), 0) : 0;
  const chunk = new Uint8Array(bytes.subarray(end));
  return lauxlib.luaL_loadbuffer(L, chunk, chunk.length, toLua(name));
}

/** A function of Lua's. What JavaScript throws becomes Lua's error: pcall sees it, no search goes on. */
const forLua = (work) => (L) => {
  try {
    return work(L);
  } catch (error) {
    if (!(error instanceof Error)) throw error; // Lua's own
    return lauxlib.luaL_error(L, toLua('%s'), toLua(error.message));
  }
};

/** For loadfile and dofile, which read standard input where no file is named. */
function loadNamed(L) {
  const path = toText(lauxlib.luaL_optstring(L, 1, toLua('')));
  if (path === '') return load(L, readStandardInput(), '=stdin');
  return load(L, readMayExecSync(path), `@${path}`);
}

const loadfile = forLua((L) => {
  const hasEnvironment = !lua.lua_isnone(L, 3);
  if (loadNamed(L) !== lua.LUA_OK) {
    lua.lua_pushnil(L);
    lua.lua_insert(L, -2);
    return 2;
  }
  if (hasEnvironment) {
    lua.lua_pushvalue(L, 3);
    lua.lua_setupvalue(L, -2, 1);
  }
  return 1;
});

const dofile = forLua((L) => {
  const top = lua.lua_gettop(L);
  if (loadNamed(L) !== lua.LUA_OK) return lua.lua_error(L);
  lua.lua_call(L, 0, lua.LUA_MULTRET);
  return lua.lua_gettop(L) - top;
});

/** What require asks for a module: the first file of package.path that exists. */
const searcher = forLua((L) => {
  const name = toText(lauxlib.luaL_checkstring(L, 1));
  lua.lua_getglobal(L, toLua('package'));
  lua.lua_getfield(L, -1, toLua('path'));
  const templates = toText(lauxlib.luaL_checkstring(L, -1)).split(';');
  const candidates = templates.map((at) => at.replaceAll('?', name.replaceAll('.', '/')));
  try {
    const { path, content } = readFirstMayExecSync(candidates);
    if (load(L, content, `@${path}`) !== lua.LUA_OK) return lua.lua_error(L);
    lua.lua_pushstring(L, toLua(path));
    return 2;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    lua.lua_pushstring(L, toLua(candidates.map((file) => `\n\tno file '${file}'`).join('')));
    return 1;
  }
});

function openLibraries(L) {
  lualib.luaL_openlibs(L);
  lua.lua_register(L, toLua('dofile'), dofile);
  lua.lua_register(L, toLua('loadfile'), loadfile);
  lua.lua_getglobal(L, toLua('package'));
  // fengari's other searchers, and loadlib, load JavaScript. Node does not ask about it.
  lua.lua_pushnil(L);
  lua.lua_setfield(L, -2, toLua('loadlib'));
  lua.lua_getfield(L, -1, toLua('searchers'));
  lua.lua_pushcfunction(L, searcher);
  lua.lua_rawseti(L, -2, 2);
  for (const at of [4, 3]) {
    lua.lua_pushnil(L);
    lua.lua_rawseti(L, -2, at);
  }
  lua.lua_settop(L, 0);
}

function* chunks([first, ...rest]) {
  const { LUA_INIT: init } = process.env;
  if (init?.startsWith('@')) yield [readMayExecSync(init.slice(1)), init];
  else if (init !== undefined) {
    checkInteractive();
    yield [Buffer.from(init), '=LUA_INIT'];
  }
  if (first === '-e' && rest.length === 1) {
    checkInteractive();
    yield [Buffer.from(rest[0]), '=(command line)'];
  } else if (first === '-' && rest.length === 0) {
    yield [readStandardInput(), '=stdin'];
  } else if (first !== undefined && !first.startsWith('-')) {
    yield [readMayExecSync(first), `@${first}`];
  } else throw new TypeError('usage: lua SCRIPT | lua -e CODE | lua -');
}

try {
  const L = lauxlib.luaL_newstate();
  openLibraries(L);
  for (const [bytes, name] of chunks(process.argv.slice(2))) {
    lua.lua_settop(L, 0);
    const status = load(L, bytes, name);
    if (status !== lua.LUA_OK || lua.lua_pcall(L, 0, 0, 0) !== lua.LUA_OK) {
      throw new Error(toText(lauxlib.luaL_tolstring(L, -1)));
    }
  }
} catch (error) {
  process.stderr.write(`lua: ${error.message}\n`);
  process.exitCode = 1;
}
