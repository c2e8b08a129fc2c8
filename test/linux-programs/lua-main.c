/* What the lua command does with a script in a file or on its standard input, over Debian's static library.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>

static int with_traceback(lua_State* state) {
  const char* message = lua_tostring(state, 1);
  luaL_traceback(state, state, message != NULL ? message : luaL_typename(state, 1), 1);
  return 1;
}

int main(int argc, char** argv) {
  lua_State* state = luaL_newstate();
  if (state == NULL) return 1;
  luaL_openlibs(state);
  lua_newtable(state);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(state, argv[i]);
    lua_rawseti(state, -2, i - 1);
  }
  lua_setglobal(state, "arg");
  const char* script = argc > 1 && strcmp(argv[1], "-") != 0 ? argv[1] : NULL;
  lua_pushcfunction(state, with_traceback);
  if (luaL_loadfile(state, script) != LUA_OK || lua_pcall(state, 0, 0, 1) != LUA_OK) {
    fprintf(stderr, "lua: %s\n", lua_tostring(state, -1));
    lua_close(state);
    return 1;
  }
  lua_close(state);
  return 0;
}
